using System.Collections.Immutable;
using System.Globalization;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>Nodes that somebody could get before and nobody can get after: what an admin must not publish without noticing.</summary>
/// <param name="Tag">The tag whose nodes are all lost; null when they have none in common that says so.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="Pairs">How many pairs lose their access, by outcome before and after, most first.</param>
public sealed record ImpactLoss(TagPair? Tag, ImmutableArray<Node> Nodes, ImmutableArray<(DecisionOutcome Before, DecisionOutcome After, long Pairs)> Pairs)
{
    /// <summary>The loss in one sentence: <c>Nobody can get env=prod any more: 214 pairs move from needs approval to not covered.</c></summary>
    public string Sentence => $"Nobody can get {What} any more: {string.Join(", ", Pairs.Select((move, index) =>
        string.Create(CultureInfo.InvariantCulture, $"{move.Pairs:N0}{(index > 0 ? "" : move.Pairs == 1 ? " pair moves" : " pairs move")} from {InWords(move.Before)} to {InWords(move.After)}")))}.";

    private string What => (Tag, Nodes) switch
    {
        ({ } tag, _) => tag.ToString(),
        (_, [var only]) => only.Name,
        (_, { Length: <= 3 }) => string.Join(", ", Nodes.Select(node => node.Name)),
        _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Nodes.Take(3).Select(node => node.Name))} and {Nodes.Length - 3:N0} more nodes"),
    };

    /// <summary>An outcome in words: <c>needs approval</c>.</summary>
    public static string InWords(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Automatic => "automatic",
        DecisionOutcome.NeedsApproval => "needs approval",
        DecisionOutcome.Refused => "refused",
        DecisionOutcome.NotCovered => "not covered",
    };
}
