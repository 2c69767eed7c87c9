using JitAccess.Domain.Nodes;

namespace JitAccess.Web.Nodes;

/// <summary>How the last reading of one account's nodes in one Region went.</summary>
public sealed class NodeSource
{
    /// <summary>The account.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The account's name in the configuration.</summary>
    public string AccountName { get; set; } = "";

    /// <summary>The Region.</summary>
    public required string Region { get; init; }

    /// <summary>When the nodes were last read completely; null if never.</summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    /// <summary>When reading was last tried.</summary>
    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>Why the last try failed; null if it did not.</summary>
    public string? Error { get; set; }

    /// <summary>How many nodes the last complete reading found.</summary>
    public int NodeCount { get; set; }
}
