using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>Connecting to a node inside an active grant, and ending the connection.</summary>
public sealed class SessionService(
    IDbContextFactory<JitAccessDbContext> contexts, PolicyStore policies, ISessionOpener aws, SessionKeeper keeper, TimeProvider time)
{
    /// <summary>Opens a shell on the grant's node and begins to serve it.</summary>
    /// <returns>The session's id here.</returns>
    /// <exception cref="RefusedException">The grant is not active or not the actor's, a policy refuses now, the node cannot be reached, or AWS refuses.</exception>
    public async Task<Guid> ConnectAsync(Actor actor, Guid grantId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        Grant grant = await database.Grants.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == grantId && entity.Holder == actor.Subject, cancellationToken)
            ?? throw RefusedException.NotFound("grant");
        grant.CanConnect(actor, now).ThrowIfRefused();
        AccessRequest request = await database.Requests.AsNoTracking().SingleAsync(entity => entity.Id == grant.RequestId, cancellationToken);
        await CanStartNowAsync(database, actor, grant, request, now, cancellationToken);

        // The row stands before AWS is asked: whatever happens in between, no session at AWS is unknown here.
        Session session = new(grant, now);
        database.Sessions.Add(session);
        SessionLeases.Take(database.Entry(session), now);
        await database.SaveChangesAsync(cancellationToken);

        SessionOrder order = new(actor.Subject, new AwsPlace(request.Account, request.Region), grant.NodeId, request.Reason, grant.EndsAt);
        OpenedSession opened;
        try
        {
            opened = await aws.StartAsync(order, cancellationToken);
        }
        catch (Exception exception)
        {
            string why = exception is AwsException ? exception.Message : "The start was broken off.";
            session.Finish(SessionEnd.Failed, why, time.GetUtcNow());
            database.Record(new AuditEntry(actor, AuditAction.SessionFailed, session.Id.ToString(), why, time.GetUtcNow()) { NodeId = grant.NodeId.Value });
            await database.SaveChangesAsync(CancellationToken.None);
            if (exception is AwsException) throw new RefusedException(RefusalKind.Unavailable, $"Could not connect to {request.NodeName}. {exception.Message}", exception);
            throw;
        }
        await StoreStartAsync(database, actor, session, request, opened, time.GetUtcNow());
        keeper.Hold(session.Id, opened, order);
        return session.Id;
    }

    /// <summary>Ends one of the actor's own sessions; an admin ends anybody's.</summary>
    /// <exception cref="RefusedException">The session does not exist, or is not the actor's.</exception>
    public async Task EndAsync(Actor actor, Guid sessionId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Session? session = await database.Sessions.SingleOrDefaultAsync(entity => entity.Id == sessionId && (entity.Holder == actor.Subject || actor.IsAdmin), cancellationToken);
        if (session is null) throw RefusedException.NotFound("session");
        if (!session.IsLive) return;
        DateTimeOffset now = time.GetUtcNow();
        string why = $"Ended by {actor.Person.DisplayName}.";
        session.Finish(SessionEnd.Closed, why, now);
        database.Record(new AuditEntry(actor, AuditAction.SessionEnded, session.Id.ToString(), why, now) { NodeId = session.NodeId.Value });
        await database.SaveChangesAsync(cancellationToken);
        await keeper.EndAsync(session.Id, why);
    }

    /// <summary>Time may only tighten: what the policies of now refuse, a grant of before does not open.</summary>
    private async Task CanStartNowAsync(JitAccessDbContext database, Actor actor, Grant grant, AccessRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Node node = await database.Nodes.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == grant.NodeId, cancellationToken)
            ?? throw new RefusedException(RefusalKind.Unavailable, $"{request.NodeName} is no longer managed by Systems Manager. If it was stopped, start it, refresh the nodes, then connect again.");
        node.CanBeReached().ThrowIfRefused();
        PolicyEvaluator evaluator = await policies.CurrentAsync(database, cancellationToken);
        Decision decision = evaluator.Decide(new AccessQuestion(actor, node, now, request.Reason, request.Duration));
        PolicyAnswer? refusing = decision.Answers.FirstOrDefault(answer => answer.Verdict == PolicyVerdict.Refuses);
        if (refusing is null) return;
        database.Record(new AuditEntry(actor, AuditAction.SessionFailed, grant.Id.ToString(), $"Refused by “{refusing.PolicyName}”.", now) { NodeId = grant.NodeId.Value, PolicySetVersion = decision.PolicySetVersion });
        await database.SaveChangesAsync(cancellationToken);
        Grant.CanOpen(decision).ThrowIfRefused();
    }

    private static async Task StoreStartAsync(JitAccessDbContext database, Actor actor, Session session, AccessRequest request, OpenedSession opened, DateTimeOffset now)
    {
        session.Started(opened.AwsSessionId);
        database.Record(new AuditEntry(actor, AuditAction.SessionStarted, session.Id.ToString(), $"Connected to {request.NodeName} under request {request.Number}.", now) { NodeId = session.NodeId.Value });
        try
        {
            await database.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            // The grant ended while AWS was starting the session. Store AWS's id, so that it is terminated there.
            await database.Entry(session).ReloadAsync(CancellationToken.None);
            session.Started(opened.AwsSessionId);
            await database.SaveChangesAsync(CancellationToken.None);
            if (!session.IsLive) throw new RefusedException(RefusalKind.Conflict, $"The grant ended while connecting. {session.EndReason}");
        }
    }
}
