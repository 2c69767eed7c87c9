namespace JitAccess.Sandbox.OpenIdConnect;

/// <summary>Somebody whom the provider can sign in, with the claims that it makes about them.</summary>
public sealed record SandboxPerson(string UserName, string Name)
{
    /// <summary>What this person is there for, in one line on the sign-in page.</summary>
    public string Purpose { get; init; } = "";

    public string Email => $"{UserName}@sandbox.example";

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The ARNs that prove who this person is to AWS.</summary>
    public IReadOnlyList<string> AwsIdentities { get; init; } = [];

    /// <summary>Further claims, such as <c>employeeNumber</c> or <c>division</c>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
