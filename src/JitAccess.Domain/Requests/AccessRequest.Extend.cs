using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

// More time on an active grant: a request of its own, whose approval moves the grant's end.
public sealed partial class AccessRequest
{
    /// <summary>The grant whose end an approval moves; null for a request that opens a grant of its own.</summary>
    public Guid? Extends { get; private set; }

    /// <summary>The grant that is to last longer; null for a request that opens a grant of its own.</summary>
    public Grant? ExtendedGrant { get; private set; }

    /// <summary>Why the request was cancelled although nobody took it back as such; empty when the requester did, and while it is not cancelled.</summary>
    public string CancelReason { get; private set; } = "";

    /// <summary>True for a request for more time on a grant that is there already.</summary>
    public bool IsExtension => Extends is not null;

    /// <summary>The most that can be added to a grant now, in whole minutes: what the deciding policy allows from now on, less what is left of the grant; zero if nothing.</summary>
    public static TimeSpan MostToAdd(Grant grant, Decision decision, DateTimeOffset now)
    {
        TimeSpan most = TimeSpan.FromHours(decision.MaximumHours) - (grant.EndsAt - now);
        return most < ShortestDuration ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Floor(most.TotalMinutes));
    }

    /// <summary>Whether the question, as decided by the policies of now, may become a request for more time on the grant; its duration is the time to add.</summary>
    public static Ruling CanExtend(Grant grant, AccessQuestion question, Decision decision)
    {
        Ruling living = grant.CanBeExtended(question.Actor, question.At);
        if (!living.IsAllowed) return living;
        if (!decision.CanBeRequested) return Ruling.Refused(RefusalKind.Forbidden, decision.Sentence);
        TimeSpan most = MostToAdd(grant, decision, question.At);
        if (most == TimeSpan.Zero) return Ruling.Refused(RefusalKind.Conflict, $"“{decision.DecidedByName}” allows {decision.MaximumHours} h from now on at most, and the grant has that already. Ask for more time later.");
        Ruling reason = CanGive(question, decision);
        if (!reason.IsAllowed) return reason;
        return question.Duration switch
        {
            { } duration when duration < ShortestDuration => TooShort,
            // As for a new request: automatic time is shortened to fit, but people approve what was asked.
            { } duration when decision.Outcome == DecisionOutcome.NeedsApproval && duration > most
                => Ruling.Refused(RefusalKind.Invalid, $"“{decision.DecidedByName}” allows {decision.MaximumHours} h from now on at most, so at most {Minutes(most)} can be added. Choose less."),
            _ => Ruling.Allowed,
        };
    }

    /// <summary>Asks for more time on a grant: added at once, or pending until people have decided, or the grant has ended.</summary>
    /// <exception cref="RefusedException">See <see cref="CanExtend"/>.</exception>
    public static AccessRequest Extend(Grant grant, AccessQuestion question, Decision decision)
    {
        CanExtend(grant, question, decision).ThrowIfRefused();
        return Begin(question, decision, MostToAdd(grant, decision, question.At), grant);
    }

    /// <summary>Ends a pending request for more time whose grant has ended first.</summary>
    /// <exception cref="InvalidOperationException">The request is no extension, is not pending, or its grant has not ended.</exception>
    public void CancelWithGrant(DateTimeOffset now)
    {
        if (Status != RequestStatus.Pending || ExtendedGrant is not { EndedAt: not null } ended) throw new InvalidOperationException("There is no pending extension of a grant that has ended.");
        CancelReason = $"The grant ended first: {ended.DescribedEnd}.";
        Close(RequestStatus.Cancelled, now);
    }
}
