using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// Machines from elsewhere: they register themselves with an activation and an RSA key of their own, and sign with that key when
/// they ask for credentials of the activation's role.
/// </summary>
internal sealed class MachineRegistry(SandboxWorld world, NodeFleet fleet, CredentialStore credentials, SignatureCheck signatures)
{
    private const string Register = "AmazonSSM.RegisterManagedInstance";
    private const string RequestToken = "AmazonSSM.RequestManagedInstanceRoleToken";
    private const int ShortestKeyBits = 2048;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, RegisteredMachine> machines = new();

    /// <summary>Answers the two questions that no access key signs; null for all others. Throws <see cref="AwsError"/>.</summary>
    public AwsReply? Answer(SignedRequest request, AuthorizationHeader? authorization) => request.Headers.GetValueOrDefault("x-amz-target") switch
    {
        Register => RegisterMachine(SsmJson.Read<RegisterRequest>(request.Body)),
        RequestToken => IssueCredentials(request, authorization, SsmJson.Read<TokenRequest>(request.Body)),
        _ => null,
    };

    private AwsReply RegisterMachine(RegisterRequest asked)
    {
        // Whether the id or the code is wrong is not said.
        if (world.Activations.FirstOrDefault(activation => activation.Id == asked.ActivationId) is not { } activation
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(activation.Code), Encoding.UTF8.GetBytes(asked.ActivationCode ?? "")))
            throw new AwsError("InvalidActivation", "The activation is not valid.");
        if (asked.PublicKeyType != "Rsa" || ReadKey(asked.PublicKey) is not { } key)
            throw new AwsError("ValidationException", $"The public key is not an RSA key of at least {ShortestKeyBits} bits.");

        string id = $"mi-{RandomNumberGenerator.GetHexString(17, lowercase: true)}";
        machines[id] = new RegisteredMachine(activation, key, asked.Fingerprint ?? "");
        fleet.Add(new EmulatedNode(id, activation.Name, activation.AccountId, activation.Region) { PingStatus = PingStatus.Inactive });
        return AwsReply.Json(new { InstanceId = id });
    }

    private AwsReply IssueCredentials(SignedRequest request, AuthorizationHeader? authorization, TokenRequest asked)
    {
        if (authorization is null
            || !machines.TryGetValue(authorization.AccessKeyId, out RegisteredMachine? machine)
            || authorization.Scope.Region != machine.Activation.Region
            || !signatures.IsSignedBy(machine.PublicKey, request, authorization))
            throw new AwsError("UnrecognizedClientException", "The machine is not registered, or did not sign.");
        if (asked.Fingerprint != machine.Fingerprint)
            throw new AwsError("MachineFingerprintDoesNotMatch", "Fingerprint does not match");
        EmulatedRole role = world.Roles.FirstOrDefault(candidate => candidate.Arn == machine.Activation.RoleArn)
            ?? throw new AwsError("AccessDeniedException", "The role of the activation does not exist.");
        IssuedCredentials minted = credentials.Mint(role, authorization.AccessKeyId, sessionPolicy: null, TokenLifetime);
        return AwsReply.Json(new
        {
            minted.Caller.AccessKeyId,
            minted.SecretAccessKey,
            minted.SessionToken,
            TokenExpirationDate = minted.ExpiresAt,
            UpdateKeyPair = false,
        });
    }

    private static byte[]? ReadKey(string? base64)
    {
        try
        {
            byte[] bytes = Convert.FromBase64String(base64 ?? "");
            using RSA key = RSA.Create();
            key.ImportSubjectPublicKeyInfo(bytes, out _);
            return key.KeySize >= ShortestKeyBits ? bytes : null;
        }
        catch (Exception invalid) when (invalid is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private sealed record RegisteredMachine(EmulatedActivation Activation, byte[] PublicKey, string Fingerprint);

    private sealed record RegisterRequest(string? ActivationId, string? ActivationCode, string? PublicKey, string? PublicKeyType, string? Fingerprint)
    {
        /// <summary>The code stays out of logs and messages.</summary>
        public override string ToString() => $"{ActivationId}";
    }

    private sealed record TokenRequest(string? Fingerprint);
}
