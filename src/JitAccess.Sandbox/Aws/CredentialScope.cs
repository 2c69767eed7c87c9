namespace JitAccess.Sandbox.Aws;

/// <summary>What a signing key is good for: one day, one Region, one service.</summary>
internal sealed record CredentialScope(string Date, string Region, string Service);
