using System.Collections.Immutable;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>Decides requests of the past again: as they would come out by the version in force now, and by a change of it.</summary>
public static class Replay
{
    /// <summary>Decides each request that can be decided again, at the instant, with the reason and for the duration of then.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ReplayReport Run(PolicyEvaluator before, PolicyEvaluator after, IEnumerable<PastRequest> requests, CancellationToken cancellationToken)
    {
        ImmutableArray<ReplayedRequest>.Builder replayed = ImmutableArray.CreateBuilder<ReplayedRequest>();
        ImmutableArray<PastRequest>.Builder others = ImmutableArray.CreateBuilder<PastRequest>();
        foreach (PastRequest request in requests)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (request is not { Actor: { } actor, Node: { } node })
            {
                others.Add(request);
                continue;
            }
            AccessQuestion question = new(actor, node, request.SubmittedAt, request.Reason, request.Duration) { BreakGlass = request.BrokeGlass };
            replayed.Add(new ReplayedRequest(request, before.DecideBriefly(question), after.DecideBriefly(question)));
        }
        return new ReplayReport(replayed.ToImmutable(), others.ToImmutable());
    }
}

/// <summary>A request of the past, decided again.</summary>
/// <param name="Request">The request, with the outcome pinned then.</param>
/// <param name="Before">What the version in force now says to it.</param>
/// <param name="After">What the change would say to it.</param>
public sealed record ReplayedRequest(PastRequest Request, BriefDecision Before, BriefDecision After)
{
    /// <summary>What the change means for it.</summary>
    public ImpactMoveKind Kind { get; } = ImpactMove.KindOf(Before, After);
}

/// <summary>The requests of the past as they would be decided.</summary>
/// <param name="Requests">Those that could be decided again.</param>
/// <param name="NotReplayable">Those that could not, each of which says why.</param>
public sealed record ReplayReport(ImmutableArray<ReplayedRequest> Requests, ImmutableArray<PastRequest> NotReplayable)
{
    /// <summary>Those that the change decides differently, most serious first.</summary>
    public IEnumerable<ReplayedRequest> Different => Requests.Where(request => request.Kind != ImpactMoveKind.None).OrderByDescending(request => request.Kind).ThenByDescending(request => request.Request.SubmittedAt);

    /// <summary>How many come to an outcome by the version in force now.</summary>
    public int Before(DecisionOutcome outcome) => Requests.Count(request => request.Before.Outcome == outcome);

    /// <summary>How many come to an outcome by the change.</summary>
    public int After(DecisionOutcome outcome) => Requests.Count(request => request.After.Outcome == outcome);
}
