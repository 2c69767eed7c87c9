namespace JitAccess.Sandbox.Aws;

/// <summary>An access key with its secret, and whose it is.</summary>
internal sealed record IssuedCredentials(AwsCaller Caller, string SecretAccessKey, string? SessionToken, DateTimeOffset ExpiresAt)
{
    /// <summary>The secrets stay out of logs and messages.</summary>
    public override string ToString() => Caller.AccessKeyId;
}
