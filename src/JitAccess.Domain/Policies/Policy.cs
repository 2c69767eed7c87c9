namespace JitAccess.Domain.Policies;

/// <summary>What all policies have.</summary>
public abstract record Policy
{
    /// <summary>The policy's identity through all versions of the policy set.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where the policy stands among those of its kind, lowest first; equal places are ordered by id.</summary>
    public int Order { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>A policy that is not enabled decides nothing.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The kind, which sets its place in the order of evaluation.</summary>
    public abstract PolicyKind Kind { get; }
}
