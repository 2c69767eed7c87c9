using System.Collections.Immutable;
using JitAccess.Domain;
using JitAccess.Domain.Policies;
using JitAccess.Web.Policies.Documents;

namespace JitAccess.Web.Policies;

/// <summary>A version without its policies.</summary>
/// <param name="Number">Its number; 0 before anything was published.</param>
/// <param name="PublishedAt">When it was published; null before anything was.</param>
/// <param name="PublishedBy">The name of who published it.</param>
/// <param name="Comment">What it changed.</param>
public sealed record VersionSummary(int Number, DateTimeOffset? PublishedAt, string PublishedBy, string Comment);

/// <summary>The draft as pages show it.</summary>
/// <param name="BasedOn">The version it was started from.</param>
/// <param name="StartedAt">When.</param>
/// <param name="EditedBy">The names of everybody who changed it.</param>
/// <param name="Edits">The last changes, oldest first.</param>
/// <param name="Changes">What publishing it changes.</param>
public sealed record DraftSummary(int BasedOn, DateTimeOffset StartedAt, string EditedBy, IReadOnlyList<DraftEdit> Edits, ImmutableArray<PolicyChange> Changes);

/// <summary>The policies as the list shows them: the draft where there is one, else those in force.</summary>
/// <param name="Revision">The state that is shown; a change names it.</param>
/// <param name="InForce">The version in force.</param>
/// <param name="Draft">The draft; null if there is none.</param>
/// <param name="Policies">The policies shown.</param>
/// <param name="Unreadable">Why what is stored cannot be read and what follows from that; null if it can.</param>
public sealed record CurrentPolicies(PolicyRevision Revision, VersionSummary InForce, DraftSummary? Draft, PolicySet Policies, string? Unreadable)
{
    public required IReadOnlyList<PolicyRow> Rows { get; init; }

    public required int UncoveredNodes { get; init; }

    public required int Nodes { get; init; }
}

/// <summary>The draft before it is published.</summary>
/// <param name="Revision">The state that is shown; publishing names it.</param>
/// <param name="InForce">The version in force.</param>
/// <param name="Before">Its policies.</param>
/// <param name="Draft">The draft; null if there is none.</param>
/// <param name="After">The draft's policies.</param>
public sealed record DraftReview(PolicyRevision Revision, VersionSummary InForce, PolicySet Before, DraftSummary? Draft, PolicySet After)
{
    /// <summary>Whether this person may publish it.</summary>
    public required Ruling CanPublish { get; init; }

    /// <summary>Whether the version in force asks for a second admin.</summary>
    public required bool NeedsSecondAdmin { get; init; }

    public required string SuggestedComment { get; init; }

    /// <summary>What is wrong with the policies, or should be looked at.</summary>
    public required IReadOnlyList<ReviewedProblem> Problems { get; init; }

    /// <summary>What must be mended before a publish.</summary>
    public IEnumerable<ReviewedProblem> Obstacles => Problems.Where(one => !one.Problem.IsWarning);

    /// <summary>What should be looked at.</summary>
    public IEnumerable<ReviewedProblem> Warnings => Problems.Where(one => one.Problem.IsWarning);

    /// <summary>Why the draft or the version in force cannot be read; null if both can.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>A problem of one policy among many.</summary>
public sealed record ReviewedProblem(Guid PolicyId, string PolicyName, PolicyProblem Problem);

/// <summary>One version with its policies.</summary>
/// <param name="Version">The version.</param>
/// <param name="Policies">Its policies; null if they cannot be read.</param>
/// <param name="Unreadable">Why they cannot; null if they can.</param>
/// <param name="Newest">The number of the version in force.</param>
/// <param name="DraftBy">Who changed the draft that stands in the way of a roll back; null if there is none.</param>
public sealed record VersionDetails(VersionSummary Version, PolicySet? Policies, string? Unreadable, int Newest, string? DraftBy)
{
    /// <summary>Each policy told in words, in order of evaluation.</summary>
    public ImmutableArray<PolicyChange> Described => Policies is null ? [] : PolicySetDiff.Between(PolicySet.Empty with { PublishNeedsSecondAdmin = Policies.PublishNeedsSecondAdmin }, Policies);
}

/// <summary>What changed from one version to another.</summary>
public sealed record VersionComparison(VersionSummary Before, VersionSummary After, ImmutableArray<PolicyChange> Changes);

/// <summary>What importing a document would do.</summary>
/// <param name="Revision">The state that it is compared with; the import names it.</param>
/// <param name="Import">The document, with its problems.</param>
/// <param name="Changes">What it changes; empty while it has problems.</param>
/// <param name="DraftBy">Who changed the draft that it is compared with; null if it is compared with the version in force.</param>
public sealed record ImportPreview(PolicyRevision Revision, PolicyImport Import, ImmutableArray<PolicyChange> Changes, string? DraftBy);
