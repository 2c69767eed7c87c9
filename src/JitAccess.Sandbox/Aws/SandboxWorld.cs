namespace JitAccess.Sandbox.Aws;

/// <summary>Everything that exists in the emulated AWS when it starts.</summary>
public sealed record SandboxWorld
{
    public required IReadOnlyList<EmulatedAccount> Accounts { get; init; }

    public required IReadOnlyList<string> Regions { get; init; }

    public required IReadOnlyList<EmulatedRole> Roles { get; init; }

    public required IReadOnlyList<EmulatedNode> Nodes { get; init; }

    public required IReadOnlyList<EmulatedAccessKey> AccessKeys { get; init; }

    /// <summary>With what machines may register themselves.</summary>
    public IReadOnlyList<EmulatedActivation> Activations { get; init; } = [];
}
