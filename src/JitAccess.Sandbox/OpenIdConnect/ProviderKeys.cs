using System.Security.Cryptography;
using JitAccess.Sandbox.Processes;
using Microsoft.IdentityModel.Tokens;

namespace JitAccess.Sandbox.OpenIdConnect;

/// <summary>What must survive a restart, so that an application that is already configured keeps working.</summary>
internal sealed record ProviderKeys(RsaSecurityKey Signing, SymmetricSecurityKey Encryption, string ClientSecret)
{
    public static async Task<ProviderKeys> LoadAsync(string? folder, CancellationToken cancellationToken)
    {
        if (folder is not null)
            Directory.CreateDirectory(folder);
        string signing = await KeptAsync(folder, "signing.pem", NewSigningKey, cancellationToken);
        string encryption = await KeptAsync(folder, "encryption", NewSecret, cancellationToken);
        string clientSecret = await KeptAsync(folder, "client-secret", NewSecret, cancellationToken);

        RSA rsa = RSA.Create();
        rsa.ImportFromPem(signing);
        return new(new RsaSecurityKey(rsa), new SymmetricSecurityKey(Convert.FromHexString(encryption)), clientSecret);
    }

    private static string NewSigningKey()
    {
        using RSA rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    private static string NewSecret() => RandomNumberGenerator.GetHexString(64);

    private static async Task<string> KeptAsync(string? folder, string name, Func<string> create, CancellationToken cancellationToken)
    {
        if (folder is null)
            return create();
        string file = Path.Combine(folder, name);
        if (!File.Exists(file))
            await PrivateFile.WriteAsync(file, create(), cancellationToken);
        return await File.ReadAllTextAsync(file, cancellationToken);
    }
}
