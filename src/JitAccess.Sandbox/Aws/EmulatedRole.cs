namespace JitAccess.Sandbox.Aws;

/// <summary>An IAM role that may be assumed.</summary>
/// <param name="Arn">arn:aws:iam::account:role/name.</param>
/// <param name="TrustedPrincipals">Who may assume it: ARNs of users, roles or whole accounts (<c>…:root</c>).</param>
public sealed record EmulatedRole(string Arn, IReadOnlyList<string> TrustedPrincipals)
{
    /// <summary>The external id that the caller must name; null when none is asked for.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The longest session, in seconds.</summary>
    public int MaxSessionSeconds { get; init; } = 43200;

    /// <summary>What the role may do, as a policy document; null means everything.</summary>
    public string? Policy { get; init; }

    internal string AccountId => Arn.Split(':')[4];

    internal string Name => Arn[(Arn.LastIndexOf('/') + 1)..];
}
