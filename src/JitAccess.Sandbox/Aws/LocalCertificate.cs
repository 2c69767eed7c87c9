using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JitAccess.Sandbox.Aws;

/// <summary>A certificate for this machine alone, for agents, which speak nothing but TLS. Whoever is to trust it is given its PEM.</summary>
public static class LocalCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>A new self-signed one for <c>localhost</c> and 127.0.0.1, with its private key; the caller disposes of it.</summary>
    public static X509Certificate2 Create(TimeProvider clock)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        DateTimeOffset now = clock.GetUtcNow();
        return request.CreateSelfSigned(now - TimeSpan.FromHours(1), now + Lifetime);
    }
}
