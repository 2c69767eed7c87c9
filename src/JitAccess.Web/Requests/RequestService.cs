using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

/// <summary>Asking for access and answering. Load, decide in the domain, one save: the change, its audit entry and its outbox message together.</summary>
public sealed partial class RequestService(IDbContextFactory<JitAccessDbContext> contexts, PolicyStore policies, TimeProvider time)
{
    // Two reviewers at the same instant collide once; five in a row without progress means that something else is wrong.
    private const int MaximumTries = 5;

    /// <summary>What a submit would answer now. Stores nothing.</summary>
    /// <exception cref="RefusedException">The node is not known.</exception>
    public async Task<Preview> PreviewAsync(Actor actor, InstanceId nodeId, RequestTerms terms, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Asked asked = await AskAsync(database, actor, nodeId, terms, cancellationToken);
        Grant? active = asked.Covering, waiting = asked.Waiting;
        Ruling canSubmit = (asked.Pending, waiting) switch
        {
            ({ }, _) when !terms.BreakGlass => AlreadyPending(asked.Question.Node),
            (_, { } scheduled) when scheduled.StartsAt != terms.Start => AlreadyScheduled(asked.Question.Node, scheduled),
            _ => AccessRequest.CanSubmit(asked.Question, asked.Decision),
        };
        return new Preview(asked.Question.Node, asked.Decision, canSubmit, active?.Id, active?.RequestId, asked.Pending, waiting?.RequestId);
    }

    /// <summary>
    /// Asks for a node. Inside an active grant the answer is that grant's request and nothing is stored; so it is for a second request for the
    /// start of a grant that waits for it.
    /// </summary>
    /// <exception cref="RefusedException">
    /// A rule or a policy refuses, the node is not known or offline, a request is pending already, or another grant for the node waits for its start.
    /// No request is stored; the refusal is in the audit.
    /// </exception>
    public Task<Submitted> SubmitAsync(Actor actor, InstanceId nodeId, RequestTerms terms, CancellationToken cancellationToken) =>
        SubmitAsync(actor, nodeId, terms, batchId: null, cancellationToken);

    private async Task<Submitted> SubmitAsync(Actor actor, InstanceId nodeId, RequestTerms terms, Guid? batchId, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TrySubmitAsync(actor, nodeId, terms, batchId, cancellationToken);
            }
            catch (Exception exception) when (exception.IsCollision() && tries < MaximumTries)
            {
                // The same person submitted twice at the same instant, and the second now finds what the first made; or a grant that was over was ended by somebody else.
            }
        }
    }

    /// <summary>Records an approval at the open level.</summary>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanReview"/>.</exception>
    public Task ApproveAsync(Actor actor, SeenRequest seen, string comment, CancellationToken cancellationToken) => ApproveAsync(actor, seen, comment, null, cancellationToken);

    /// <summary>Records an approval at the open level, which may shorten the duration.</summary>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanReview"/> and <see cref="AccessRequest.CanShortenTo"/>.</exception>
    public Task ApproveAsync(Actor actor, SeenRequest seen, string comment, TimeSpan? shortenTo, CancellationToken cancellationToken) =>
        ReviewAsync(actor, seen, (reviewer, request, known, now) =>
        {
            (int level, TimeSpan before) = (request.OpenLevel, request.Duration);
            request.Approve(reviewer, comment, now, shortenTo, known);
            string shortened = request.Duration < before ? $" Shortened from {before.TotalMinutes:0.##} to {request.Duration.TotalMinutes:0.##} minutes." : "";
            return request.Status == RequestStatus.Approved
                ? (AuditAction.RequestApproved, $"Approved at level {level} of {request.Levels.Length}, the last one.{shortened} {Opened(request)} {comment}")
                : (AuditAction.ReviewRecorded, $"Approved at level {level} of {request.Levels.Length}.{shortened} {comment}");
        }, cancellationToken);

    /// <summary>Records a rejection, which ends the request.</summary>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanReview"/>.</exception>
    public Task RejectAsync(Actor actor, SeenRequest seen, string comment, CancellationToken cancellationToken) =>
        ReviewAsync(actor, seen, (reviewer, request, _, now) =>
        {
            request.Reject(reviewer, comment, now);
            return (AuditAction.RequestRejected, $"Rejected at level {request.OpenLevel} of {request.Levels.Length}. {comment}");
        }, cancellationToken);

    /// <summary>Takes a request back.</summary>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanCancel"/>.</exception>
    public Task CancelAsync(Actor actor, SeenRequest seen, CancellationToken cancellationToken) =>
        ChangeAsync(actor, seen, AuditAction.CancelRefused, (_, request, now) =>
        {
            request.Cancel(actor, now);
            return (AuditAction.RequestCancelled, "Cancelled by the requester.");
        }, cancellationToken);

    // Who reviews, and whose reviews still count, is judged by what the newest sign-ins say, not by an older one.
    private Task ReviewAsync(Actor actor, SeenRequest seen, Func<Actor, AccessRequest, ApproverDirectory, DateTimeOffset, (AuditAction, string)> review, CancellationToken cancellationToken) =>
        ChangeAsync(actor, seen, AuditAction.ReviewRefused, (standing, request, now) =>
        {
            (AuditAction action, string why) = review(standing.AsKnown, request, standing.Known, now);
            return (action, request.Reviews.First(given => given.Reviewer == actor.Subject).InPlaceOfName is { } absent ? $"In place of {absent}: {why}" : why);
        }, cancellationToken);

    private async Task<Submitted> TrySubmitAsync(Actor actor, InstanceId nodeId, RequestTerms terms, Guid? batchId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Asked asked = await AskAsync(database, actor, nodeId, terms, cancellationToken);
        (AccessQuestion question, Decision decision) = (asked.Question, asked.Decision);
        Grant? same = asked.Covering ?? (asked.Waiting?.StartsAt == terms.Start ? asked.Waiting : null);
        if (same is not null && actor.CanAct().IsAllowed) return new Submitted(same.RequestId, AlreadyGranted: true);
        await database.ExpireAsync([.. asked.Living.Where(grant => grant.IsOverdue(question.At))], question.At, cancellationToken);
        if (asked.Pending is not null && !terms.BreakGlass)
            throw new RefusedException(RefusalKind.Conflict, AlreadyPending(question.Node).Message!) { RelatedRequestId = asked.Pending };
        if (asked.Waiting is { } waiting)
            throw new RefusedException(RefusalKind.Conflict, AlreadyScheduled(question.Node, waiting).Message!) { RelatedRequestId = waiting.RequestId };

        Ruling ruling = AccessRequest.CanSubmit(question, decision);
        if (!ruling.IsAllowed)
        {
            await RecordRefusalAsync(question, decision, ruling, cancellationToken);
            ruling.ThrowIfRefused();
        }
        if (asked.Pending is { } waitedFor) await CancelForBreakGlassAsync(database, actor, waitedFor, question.At, cancellationToken);
        AccessRequest request = AccessRequest.Submit(question, decision, batchId);
        database.Requests.Add(request);
        (AuditAction action, string why) = request switch
        {
            { BrokeGlass: true } => (AuditAction.GlassBroken, $"{decision.Sentence} Glass was broken instead. {Opened(request)}"),
            { Status: RequestStatus.Approved } => (AuditAction.RequestApprovedAutomatically, decision.Sentence),
            _ => (AuditAction.RequestSubmitted, decision.Sentence),
        };
        database.Record(new AuditEntry(actor, action, request.Id.ToString(), $"{why} {Given(request)}", question.At)
        {
            NodeId = nodeId.Value,
            PolicySetVersion = decision.PolicySetVersion,
            After = RequestState.Of(request),
        });
        await database.SaveChangesAsync(cancellationToken);
        return new Submitted(request.Id, AlreadyGranted: false);
    }

    // One round trip for all that a decision stands on: every further one would be a good part of the time that a submit takes.
    private async Task<Asked> AskAsync(JitAccessDbContext database, Actor actor, InstanceId nodeId, RequestTerms terms, CancellationToken cancellationToken)
    {
        var found = await database.Nodes.Where(node => node.Id == nodeId).Select(node => new
        {
            Node = node,
            NewestPolicies = database.PolicySets.Max(policySet => (int?)policySet.Number),
            Living = database.Grants.Where(grant => grant.Holder == actor.Subject && grant.NodeId == nodeId && grant.EndedAt == null).ToList(),
            Pending = database.Requests.Where(request => request.Requester == actor.Subject && request.NodeId == nodeId && request.Status == RequestStatus.Pending)
                .Select(request => (Guid?)request.Id).SingleOrDefault(),
        }).SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException(RefusalKind.NotFound, $"No node {nodeId} is known. Check the id, or refresh the nodes if it is new.");
        PolicyEvaluator evaluator = await policies.NumberedAsync(database, found.NewestPolicies ?? 0, cancellationToken);
        AccessQuestion question = new(actor, found.Node, time.GetUtcNow(), terms.Reason, terms.Duration) { AskedStart = terms.Start, Ticket = terms.Ticket, BreakGlass = terms.BreakGlass };
        return new Asked(question, evaluator.Decide(question), found.Living, found.Pending);
    }

    private async Task RecordRefusalAsync(AccessQuestion question, Decision decision, Ruling ruling, CancellationToken cancellationToken)
    {
        // A slip of the pen is not an attempt.
        if (ruling.Kind == RefusalKind.Invalid) return;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        database.Record(new AuditEntry(question.Actor, AuditAction.RequestRefused, question.Node.Id.Value, ruling.Message!, question.At)
        {
            NodeId = question.Node.Id.Value,
            PolicySetVersion = decision.PolicySetVersion,
        });
        await database.SaveChangesAsync(cancellationToken);
    }

    private async Task ChangeAsync(Actor actor, SeenRequest seen, AuditAction refused, Func<Standing, AccessRequest, DateTimeOffset, (AuditAction, string)> change, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
            AccessRequest? request = await database.Requests.SingleOrDefaultAsync(entity => entity.Id == seen.Id, cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            Standing standing = await database.StandingOfAsync(actor, request?.OpenReviewers ?? [], now, cancellationToken);
            if (request is null || !request.IsVisibleTo(standing.Actor)) throw RefusedException.NotFound("request");
            if (seen.Versions is not null) seen.IsStill(await database.VersionOfAsync(request, cancellationToken)).ThrowIfRefused();
            string before = RequestState.Of(request);
            AuditAction action;
            string why;
            try
            {
                (action, why) = change(standing, request, now);
            }
            catch (RefusedException refusal)
            {
                await contexts.RecordRefusalAsync(actor, refused, request, refusal, now, cancellationToken);
                throw;
            }

            database.Record(new AuditEntry(actor, action, request.Id.ToString(), why.TrimEnd(), now)
            {
                NodeId = request.NodeId.Value,
                PolicySetVersion = request.Decision.PolicySetVersion,
                Before = before,
                After = RequestState.Of(request),
            });
            try
            {
                await database.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception.IsCollision() && tries < MaximumTries)
            {
                // Somebody answered at the same instant. Their answer counts; ours is judged anew on what is there now.
            }
        }
    }

    private static string Given(AccessRequest request) => $"Reason given: {request.Reason}{(request.Ticket is { } ticket ? $" Ticket: {ticket}" : "")}";

    private static Ruling AlreadyPending(Node node) =>
        Ruling.Refused(RefusalKind.Conflict, $"Your request for {node.Name} is pending already. Open it to see whom it waits for, or cancel it to ask anew.");

    private static Ruling AlreadyScheduled(Node node, Grant waiting) =>
        Ruling.Refused(RefusalKind.Conflict, $"You have a scheduled grant for {node.Name} already: it opens at {waiting.StartsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Return it to ask for another start.");

    private static string Opened(AccessRequest request) => (request.Grant, request.ExtendedGrant) switch
    {
        (_, { } extended) => $"The grant is extended by {request.Duration.TotalMinutes:0.##} minutes, until {extended.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.",
        ({ ActivatedAt: null } scheduled, _) => $"The grant opens at {scheduled.StartsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC for {request.Duration.TotalHours:0.##} h.",
        _ => $"The grant is open for {request.Duration.TotalHours:0.##} h.",
    };

    /// <summary>A question with its answer, the actor's grants for the node that nobody has ended (be they overdue), and their pending request for it.</summary>
    private sealed record Asked(AccessQuestion Question, Decision Decision, IReadOnlyList<Grant> Living, Guid? Pending)
    {
        /// <summary>The grant that is active, when no later start is asked for.</summary>
        public Grant? Covering => Question.AskedStart is null ? Living.Where(grant => grant.IsActive(Question.At)).MaxBy(grant => grant.EndsAt) : null;

        /// <summary>The grant that waits for its start, when a start is asked for: one waits at a time.</summary>
        public Grant? Waiting => Question.AskedStart is null ? null : Living.FirstOrDefault(grant => grant.IsScheduled && grant.ActivatedAt is null && !grant.IsOverdue(Question.At));
    }
}
