using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>Which moves of an analysis are shown; everything empty means all.</summary>
public sealed record ImpactFilter
{
    /// <summary>Only moves of this kind.</summary>
    public ImpactMoveKind? Kind { get; init; }

    /// <summary>Only moves from the first outcome to the second.</summary>
    public (DecisionOutcome Before, DecisionOutcome After)? Cell { get; init; }

    /// <summary>Part of a person's name, subject, e-mail or group, of a node's name, id or tag, or of a policy's name; case does not matter.</summary>
    public string Text { get; init; } = "";

    /// <summary>True if nothing is left out.</summary>
    public bool IsEmpty => this == new ImpactFilter();

    /// <summary>A cell as the address has it: <c>Automatic-Refused</c>.</summary>
    public static string InAddress(DecisionOutcome before, DecisionOutcome after) => $"{before}-{after}";

    /// <summary>Reads a filter from the parts of an address; what cannot be read is left out.</summary>
    public static ImpactFilter Read(string? kind, string? cell, string? text) => new()
    {
        Kind = Enum.TryParse(kind, out ImpactMoveKind one) && Enum.IsDefined(one) && one != ImpactMoveKind.None ? one : null,
        Cell = cell?.Split('-') is [string before, string after]
            && Enum.TryParse(before, out DecisionOutcome from) && Enum.IsDefined(from) && Enum.TryParse(after, out DecisionOutcome to) && Enum.IsDefined(to) ? (from, to) : null,
        Text = text?.Trim() ?? "",
    };

    /// <summary>The moves that it lets through, in the report's order, each with the pairs that it lets through.</summary>
    public IReadOnlyList<ImpactMatch> Of(ImpactReport report)
    {
        IEnumerable<ImpactMove> moves = report.Moves.Where(move => (Kind is null || move.Kind == Kind) && (Cell is null || Cell == (move.Before.Outcome, move.After.Outcome)));
        if (Text.Length == 0) return [.. moves.Select(move => new ImpactMatch(move))];
        HashSet<Actor> people = new(report.People.Where(Fits), ReferenceEqualityComparer.Instance);
        HashSet<Node> nodes = new(report.Nodes.Where(Fits), ReferenceEqualityComparer.Instance);
        return [.. moves.Select(move => Fits(move) ? new ImpactMatch(move) : new ImpactMatch(move, people, nodes)).Where(match => match.Pairs > 0)];
    }

    private bool Fits(ImpactMove move) => new[] { move.Cause, move.Before.By, move.After.By, move.Before.Blocking, move.After.Blocking }.Any(policy => policy is not null && Holds(policy.Name));

    private bool Fits(Actor actor) => Holds(actor.Person.DisplayName) || Holds(actor.Subject) || Holds(actor.Person.Email ?? "") || actor.Person.Groups.Any(Holds);

    private bool Fits(Node node) => Holds(node.Name) || Holds(node.Id.Value) || node.Tags.Any(tag => Holds($"{tag.Key}={tag.Value}"));

    private bool Holds(string text) => text.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
