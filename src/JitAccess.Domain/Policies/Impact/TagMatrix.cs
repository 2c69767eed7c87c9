using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>What each of some people gets on the nodes of each value of a tag, at one time.</summary>
/// <param name="Values">The values, in order; null for nodes without the tag, which come last.</param>
/// <param name="Rows">One row for each person, in the order asked for; each has one cell for each value.</param>
public sealed record TagMatrix(ImmutableArray<string?> Values, ImmutableArray<ImmutableArray<TagMatrixCell>> Rows)
{
    /// <summary>Asks for each person and each node.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TagMatrix Of(PolicyEvaluator evaluator, IReadOnlyList<Actor> people, IReadOnlyList<Node> nodes, string tag, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // A value that no node has would be an empty column, so the values are those of the nodes.
        ILookup<string?, Node> byValue = nodes.ToLookup(node => node.Tags.GetValueOrDefault(tag));
        ImmutableArray<string?> values = [.. byValue.Select(group => group.Key).OrderBy(value => value is null).ThenBy(value => value, StringComparer.Ordinal)];
        ImpactKeys keys = new(evaluator, evaluator);
        PreparedRequest request = evaluator.Prepare(at);
        var classes = values.Select(value => ImpactClass<Node>.Sorted([.. byValue[value]], keys.Of).Select(members => (Prepared: new PreparedNode(members[0]), Members: members)).ToArray()).ToArray();
        return new TagMatrix(values,
        [
            .. people.Select(person =>
            {
                PreparedPerson prepared = new(person);
                return classes.Select(column =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return new TagMatrixCell([.. column.Select(one => (Decision: evaluator.DecideBriefly(prepared, one.Prepared, request), one.Members))
                        .GroupBy(one => (one.Decision.Outcome, one.Decision.By?.Id)).Select(same => new TagMatrixOutcome(same.First().Decision, same.Sum(one => one.Members.Count), same.First().Members[0]))
                        .OrderByDescending(outcome => outcome.Nodes)]);
                }).ToImmutableArray();
            }),
        ]);
    }
}

/// <summary>What one person gets on the nodes of one value.</summary>
/// <param name="Outcomes">The different outcomes, those of most nodes first.</param>
public sealed record TagMatrixCell(ImmutableArray<TagMatrixOutcome> Outcomes);

/// <summary>One of the outcomes in a cell.</summary>
/// <param name="Decision">What they get.</param>
/// <param name="Nodes">On how many nodes.</param>
/// <param name="Example">One of them.</param>
public sealed record TagMatrixOutcome(BriefDecision Decision, int Nodes, Node Example);
