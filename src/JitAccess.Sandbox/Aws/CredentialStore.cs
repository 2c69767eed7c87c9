using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace JitAccess.Sandbox.Aws;

/// <summary>The access keys that exist: the permanent ones and those minted by AssumeRole.</summary>
internal sealed class CredentialStore
{
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, IssuedCredentials> issued = new();

    public CredentialStore(IEnumerable<EmulatedAccessKey> permanent, TimeProvider clock)
    {
        this.clock = clock;
        foreach (EmulatedAccessKey key in permanent)
            issued[key.AccessKeyId] = new IssuedCredentials(
                new AwsCaller
                {
                    AccessKeyId = key.AccessKeyId,
                    AccountId = key.PrincipalArn.Split(':')[4],
                    Arn = key.PrincipalArn,
                    UserId = StableId("AIDA", key.PrincipalArn),
                    Policies = key.Policy is null ? [] : [AccessPolicy.Parse(key.Policy)],
                },
                key.SecretAccessKey,
                SessionToken: null,
                DateTimeOffset.MaxValue);
    }

    public IssuedCredentials? Find(string accessKeyId) => issued.GetValueOrDefault(accessKeyId);

    /// <summary>Temporary credentials of a role session.</summary>
    public IssuedCredentials Mint(EmulatedRole role, string sessionName, AccessPolicy? sessionPolicy, TimeSpan duration)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (IssuedCredentials old in issued.Values.Where(old => old.ExpiresAt < now - TimeSpan.FromHours(1)))
            issued.TryRemove(old.Caller.AccessKeyId, out _);

        string accessKeyId = EmulatedAccessKey.NewId("ASIA");
        List<AccessPolicy> policies = [];
        if (role.Policy is not null)
            policies.Add(AccessPolicy.Parse(role.Policy));
        if (sessionPolicy is not null)
            policies.Add(sessionPolicy);
        IssuedCredentials credentials = new(
            new AwsCaller
            {
                AccessKeyId = accessKeyId,
                AccountId = role.AccountId,
                Arn = $"arn:aws:sts::{role.AccountId}:assumed-role/{role.Name}/{sessionName}",
                UserId = $"{StableId("AROA", role.Arn)}:{sessionName}",
                RoleArn = role.Arn,
                SessionName = sessionName,
                Policies = policies,
            },
            EmulatedAccessKey.NewSecret(),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)),
            DateTimeOffset.FromUnixTimeSeconds((now + duration).ToUnixTimeSeconds()));
        issued[accessKeyId] = credentials;
        return credentials;
    }

    public void Expire(string accessKeyId)
    {
        if (issued.TryGetValue(accessKeyId, out IssuedCredentials? credentials))
            issued[accessKeyId] = credentials with { ExpiresAt = clock.GetUtcNow() };
    }

    // AWS's unique ids look random but stay the same for one principal.
    private static string StableId(string prefix, string arn) =>
        prefix + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(arn)))[..17];
}
