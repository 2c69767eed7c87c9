using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

// Asking.
public sealed partial class AccessRequest
{
    /// <summary>The most nodes that one form asks for.</summary>
    public const int MaximumBatch = 20;

    /// <summary>Whether so many nodes may be asked for together.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="breaksGlass">Whether glass is to be broken: each such opening is one that somebody reviews, so it is for one node.</param>
    public static Ruling CanBeBatch(int nodes, bool breaksGlass = false) => nodes switch
    {
        > 1 when breaksGlass => Ruling.Refused(RefusalKind.Invalid, "Break glass for one node at a time. Remove the others, or ask for approval."),
        0 => Ruling.Refused(RefusalKind.Invalid, "Choose at least one node."),
        > MaximumBatch => Ruling.Refused(RefusalKind.Invalid, $"{nodes} nodes are chosen; at most {MaximumBatch} can be asked for together. Remove {nodes - MaximumBatch} and ask for them afterwards."),
        _ => Ruling.Allowed,
    };

    /// <summary>Whether the question, as decided, may become a request: one that waits or opens as the policies say, or one that breaks glass.</summary>
    public static Ruling CanSubmit(AccessQuestion question, Decision decision)
    {
        Ruling identity = question.Actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (!decision.CanBeRequested) return Ruling.Refused(RefusalKind.Forbidden, decision.Sentence);
        if (question.BreakGlass) return CanBreakGlass(question, decision);
        Ruling reason = CanGive(question, decision);
        if (!reason.IsAllowed) return reason;
        Ruling start = AccessQuestion.CanStartAt(question.AskedStart, question.At);
        return start.IsAllowed ? CanLast(question.Duration, decision) : start;
    }

    /// <summary>Stores the decision as a request: approved at once with its grant, by a policy or by break-glass, or pending at the first level.</summary>
    /// <exception cref="RefusedException">See <see cref="CanSubmit"/>.</exception>
    public static AccessRequest Submit(AccessQuestion question, Decision decision, Guid? batchId = null)
    {
        CanSubmit(question, decision).ThrowIfRefused();
        TimeSpan longest = question.BreakGlass ? LongestByBreakGlass(decision) : TimeSpan.FromHours(decision.MaximumHours);
        return Begin(question, decision, longest, extended: null, batchId);
    }

    private static AccessRequest Begin(AccessQuestion question, Decision decision, TimeSpan longest, Grant? extended, Guid? batchId = null)
    {
        TimeSpan asked = question.Duration ?? longest;
        AccessRequest request = new()
        {
            Id = Guid.CreateVersion7(question.At),
            BatchId = batchId,
            Requester = question.Actor.Subject,
            RequesterName = question.Actor.Person.DisplayName,
            RequesterRole = question.Actor.Role!.Value,
            NodeId = question.Node.Id,
            NodeName = question.Node.Name,
            Account = question.Node.Account,
            Region = question.Node.Region,
            Tags = question.Node.Tags,
            Reason = question.Reason.Trim(),
            Ticket = question.Ticket,
            Duration = asked < longest ? asked : longest,
            AskedDuration = asked < longest ? asked : longest,
            AskedStart = question.AskedStart,
            BrokeGlass = question.BreakGlass,
            Extends = extended?.Id,
            ExtendedGrant = extended,
            Decision = decision,
            SubmittedAt = question.At,
        };
        if (decision.Outcome == DecisionOutcome.Automatic)
        {
            request._reviews.Add(new Review(Guid.CreateVersion7(question.At), 0, null, decision.DecidedByName!, decision.DecidedByName!, ReviewVerdict.Approve, decision.Sentence, question.At));
            request.ReviewCount = 1;
            request.Close(RequestStatus.Approved, question.At);
        }
        else if (question.BreakGlass)
        {
            // No level opens: nobody is waited for, and the levels stay pinned as those that were passed over.
            request.Close(RequestStatus.Approved, question.At);
        }
        else
        {
            request.OpenLevel = 1;
            DateTimeOffset timesOutAt = question.At + (decision.PendingTimeout ?? ManualPolicy.DefaultPendingTimeout);
            // More time on a grant that has ended is no use.
            request.TimesOutAt = extended?.EndsAt < timesOutAt ? extended.EndsAt : timesOutAt;
        }
        return request;
    }

    // Asked at every door by which time is had: what a policy asks for cannot be got round by another one.
    private static Ruling CanGive(AccessQuestion question, Decision decision)
    {
        Ruling reason = AccessQuestion.CanBeReason(question.Reason);
        if (!reason.IsAllowed) return reason;
        Ruling ticket = AccessQuestion.CanBeTicket(question.Ticket);
        return ticket.IsAllowed ? decision.CanBeFor(question.Reason, question.Ticket) : ticket;
    }

    private static Ruling CanLast(TimeSpan? asked, Decision decision) => asked switch
    {
        { } duration when duration < ShortestDuration => TooShort,
        // Automatic access is shortened to what its policy allows (the form says so); people, though, approve what was asked.
        { } duration when decision.Outcome == DecisionOutcome.NeedsApproval && duration > TimeSpan.FromHours(decision.MaximumHours)
            => Ruling.Refused(RefusalKind.Invalid, $"“{decision.DecidedByName}” allows at most {decision.MaximumHours} h. Choose a shorter duration."),
        _ => Ruling.Allowed,
    };
}
