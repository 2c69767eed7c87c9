using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>Which of the moves are shown.</summary>
/// <param name="Kind">Only moves of this kind.</param>
/// <param name="From">Only from this outcome.</param>
/// <param name="To">Only to this outcome.</param>
/// <param name="Because">Only those that this policy makes.</param>
/// <param name="Text">Only pairs whose person or node has this in its name or id.</param>
public sealed record ImpactFilter(ImpactMoveKind? Kind = null, DecisionOutcome? From = null, DecisionOutcome? To = null, Guid? Because = null, string Text = "")
{
    public bool IsNone => this == new ImpactFilter();

    /// <summary>Whether the move is of those that are shown, whatever its pairs.</summary>
    public bool Admits(ImpactMove move) =>
        (Kind is not { } kind || move.Kind == kind)
        && (From is not { } from || move.Before.Outcome == from)
        && (To is not { } to || move.After.Outcome == to)
        && (Because is not { } because || move.Cause?.Id == because);

    /// <summary>The pairs of a move whose person or node has the text, made as they are read.</summary>
    public IEnumerable<(Actor Person, Node Node)> PairsOf(ImpactMove move)
    {
        if (Text.Length == 0) return move.EveryPair;
        return move.Blocks.SelectMany(block =>
        {
            List<Node>? nodes = null;
            return block.People.SelectMany(person => Fits(person) ? block.Nodes : nodes ??= [.. block.Nodes.Where(Fits)], (person, node) => (person, node));
        });
    }

    private bool Fits(Actor person) => Fits(person.Person.DisplayName) || Fits(person.Subject);

    private bool Fits(Node node) => Fits(node.Name) || Fits(node.Id.Value);

    private bool Fits(string name) => name.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
