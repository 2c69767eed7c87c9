using System.Security.Cryptography;

namespace JitAccess.Sandbox.Aws;

/// <summary>A permanent access key of an IAM user.</summary>
/// <param name="AccessKeyId">AKIA and sixteen characters.</param>
/// <param name="SecretAccessKey">What requests are signed with.</param>
/// <param name="PrincipalArn">arn:aws:iam::account:user/name.</param>
public sealed record EmulatedAccessKey(string AccessKeyId, string SecretAccessKey, string PrincipalArn)
{
    /// <summary>What the user may do, as a policy document; null means everything.</summary>
    public string? Policy { get; init; }

    /// <summary>A key with a random secret.</summary>
    public static EmulatedAccessKey CreateRandom(string principalArn, string? policy = null) =>
        new(NewId("AKIA"), NewSecret(), principalArn) { Policy = policy };

    /// <summary>The secret stays out of logs and messages.</summary>
    public override string ToString() => $"{AccessKeyId} of {PrincipalArn}";

    internal static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);

    internal static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(30));
}
