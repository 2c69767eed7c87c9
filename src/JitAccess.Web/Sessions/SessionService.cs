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
using JitAccess.Web.Identity;
using JitAccess.Web.Policies;
using JitAccess.Web.Sessions.Recordings;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>Connecting to a node inside an active grant, and ending the connection.</summary>
public sealed class SessionService
{
    private readonly IDbContextFactory<JitAccessDbContext> contexts;
    private readonly PolicyStore policies;
    private readonly ISessionOpener aws;
    private readonly SessionKeeper keeper;
    private readonly RecordingService recordings;
    private readonly TimeProvider time;

    internal SessionService(
        IDbContextFactory<JitAccessDbContext> contexts, PolicyStore policies, ISessionOpener aws, SessionKeeper keeper, RecordingService recordings, TimeProvider time) =>
        (this.contexts, this.policies, this.aws, this.keeper, this.recordings, this.time) = (contexts, policies, aws, keeper, recordings, time);

    /// <summary>Opens a shell on the grant's node, or a way to a port through it, and begins to serve it.</summary>
    /// <param name="actor">Who connects.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="cancellationToken">Breaks the start off.</param>
    /// <param name="destination">Where connections are to go; null for a shell.</param>
    /// <returns>The session's id here.</returns>
    /// <exception cref="RefusedException">The grant is not active or not the actor's, a policy refuses now, the node cannot be reached, or AWS refuses.</exception>
    public async Task<Guid> ConnectAsync(Actor actor, Guid grantId, CancellationToken cancellationToken, PortDestination? destination = null)
    {
        destination?.CanBe().ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        Grant grant = await database.Grants.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == grantId && entity.Holder == actor.Subject, cancellationToken)
            ?? throw RefusedException.NotFound("grant");
        grant.CanConnect(actor, now).ThrowIfRefused();
        AccessRequest request = await database.Requests.AsNoTracking().SingleAsync(entity => entity.Id == grant.RequestId, cancellationToken);
        if (destination is not null) PortDestination.CanOpen(grant.SessionRules).ThrowIfRefused();
        await CanStartNowAsync(database, actor, grant, request, now, cancellationToken);

        // The row stands before AWS is asked: whatever happens in between, no session at AWS is unknown here.
        Session session = new(grant, now, destination);
        database.Sessions.Add(session);
        SessionLeases.Take(database.Entry(session), now);
        // What goes through a port is no terminal's, and is not recorded; that it was open is.
        Recording? recording = destination is not null ? null : recordings.Add(database, session, grant.SessionRules.RecordingDays);
        await database.SaveChangesAsync(cancellationToken);

        SessionOrder order = new(actor.Subject, new AwsPlace(request.Account, request.Region), grant.NodeId, request.Reason, grant.EndsAt, DocumentFor(destination));
        OpenedSession opened;
        Recorder? recorder = null;
        try
        {
            // Nothing is opened that would not be recorded.
            if (recording is not null) recorder = await recordings.StartAsync(session.Id, $"{actor.Person.DisplayName} on {request.NodeName}, request {request.Number}", cancellationToken);
            opened = await aws.StartAsync(order, cancellationToken);
        }
        catch (Exception exception)
        {
            string why = exception is AwsException or RecordingException ? exception.Message : "The start was broken off.";
            if (recording is not null) await recordings.DropAsync(database, recording, recorder);
            session.Finish(SessionEnd.Failed, why, time.GetUtcNow());
            database.Record(new AuditEntry(actor, AuditAction.SessionFailed, session.Id.ToString(), why, time.GetUtcNow()) { NodeId = grant.NodeId.Value });
            await database.SaveChangesAsync(CancellationToken.None);
            if (exception is AwsException or RecordingException) throw new RefusedException(RefusalKind.Unavailable, $"Could not connect to {request.NodeName}. {exception.Message}", exception);
            throw;
        }
        try
        {
            await StoreStartAsync(database, actor, session, request, opened, time.GetUtcNow());
        }
        catch
        {
            // What becomes of the recording follows from the stored state, as after a lost process.
            if (recorder is not null) await recorder.DisposeAsync();
            throw;
        }
        keeper.Hold(session.Id, opened, order, grant.SessionRules, recorder, isPort: destination is not null);
        return session.Id;
    }

    /// <summary>Ends one of the actor's own sessions.</summary>
    /// <exception cref="RefusedException">The session does not exist, or is not the actor's.</exception>
    public async Task EndAsync(Actor actor, Guid sessionId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Session? session = await database.Sessions.SingleOrDefaultAsync(entity => entity.Id == sessionId && entity.Holder == actor.Subject, cancellationToken);
        if (session is null) throw RefusedException.NotFound("session");
        await EndAsync(database, actor, session, SessionEnd.Closed, $"Ended by {actor.Person.DisplayName}.", cancellationToken);
    }

    /// <summary>Ends somebody else's session, with a reason that they read.</summary>
    /// <exception cref="RefusedException">See <see cref="Session.CanEnd"/> and <see cref="Session.CanBeEndReason"/>.</exception>
    public async Task EndAsync(Actor actor, Guid sessionId, string reason, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        Session session = await database.Sessions.SingleOrDefaultAsync(entity => entity.Id == sessionId, cancellationToken) ?? throw RefusedException.NotFound("session");
        AccessRequest request = await (
            from grant in database.Grants
            join asked in database.Requests on grant.RequestId equals asked.Id
            where grant.Id == session.GrantId
            select asked).AsNoTracking().SingleAsync(cancellationToken);
        Actor standing = (await database.StandingOfAsync(actor, [], now, cancellationToken)).Actor;
        try
        {
            session.CanEnd(standing, request).ThrowIfRefused();
            Session.CanBeEndReason(reason).ThrowIfRefused();
        }
        catch (RefusedException refusal)
        {
            await contexts.RecordRefusalAsync(actor, AuditAction.SessionEndRefused, request, refusal, now, cancellationToken);
            throw;
        }
        await EndAsync(database, actor, session, SessionEnd.EndedByOthers, $"Ended by {actor.Person.DisplayName}: “{reason.Trim()}”.", cancellationToken);
    }

    private async Task EndAsync(JitAccessDbContext database, Actor actor, Session session, SessionEnd end, string why, CancellationToken cancellationToken)
    {
        if (!session.IsLive) return;
        DateTimeOffset now = time.GetUtcNow();
        session.Finish(end, why, now);
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

    private static SessionDocument? DocumentFor(PortDestination? destination) => destination switch
    {
        null => null,
        { Host: null } => SessionDocument.PortForwarding(destination.Port),
        { Host: { } host } => SessionDocument.PortForwardingToHost(host, destination.Port),
    };

    private static async Task StoreStartAsync(JitAccessDbContext database, Actor actor, Session session, AccessRequest request, OpenedSession opened, DateTimeOffset now)
    {
        session.Started(opened.AwsSessionId);
        database.Record(new AuditEntry(actor, AuditAction.SessionStarted, session.Id.ToString(), $"Connected to {(session.Destination is { } where ? $"{where} through " : "")}{request.NodeName} under request {request.Number}.", now) { NodeId = session.NodeId.Value });
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
