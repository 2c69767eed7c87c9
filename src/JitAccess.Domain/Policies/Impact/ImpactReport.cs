using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>What a change of the policies does to all people and all nodes.</summary>
public sealed record ImpactReport
{
    /// <summary>The people asked about.</summary>
    public required IReadOnlyList<Actor> People { get; init; }

    /// <summary>The nodes asked about.</summary>
    public required IReadOnlyList<Node> Nodes { get; init; }

    /// <summary>The times asked at; one where no policy looks at the time.</summary>
    public required ImmutableArray<DateTimeOffset> Times { get; init; }

    /// <summary>How many pairs go from which outcome to which.</summary>
    public required ImpactCounts Counts { get; init; }

    /// <summary>The moves, most serious first, then those of most pairs.</summary>
    public required ImmutableArray<ImpactMove> Moves { get; init; }

    /// <summary>What nobody can get any more, most pairs first.</summary>
    public required ImmutableArray<ImpactLoss> Losses { get; init; }

    /// <summary>What either version looks at beside person and node. The reason is asked about as empty, the duration as the longest.</summary>
    public required RequestFacts LooksAt { get; init; }

    /// <summary>How many groups of people no policy can tell apart.</summary>
    public required int PeopleClasses { get; init; }

    /// <summary>How many groups of nodes no policy can tell apart.</summary>
    public required int NodeClasses { get; init; }
}
