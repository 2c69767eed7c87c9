using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Reads what is known of recordings, for those who may see them, and hands out the recordings themselves.</summary>
public sealed class RecordingQueries
{
    private readonly IDbContextFactory<JitAccessDbContext> _contexts;
    private readonly RecordingService _recordings;
    private readonly TimeProvider _time;

    internal RecordingQueries(IDbContextFactory<JitAccessDbContext> contexts, RecordingService recordings, TimeProvider time) => (_contexts, _recordings, _time) = (contexts, recordings, time);

    /// <summary>The recording of a session; null if there is none, or the session is not the actor's to see: both look the same.</summary>
    public async Task<RecordingDetails?> FindAsync(Actor actor, Guid sessionId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from recording in database.Recordings.AsNoTracking()
            join session in database.Sessions.AsNoTracking() on recording.SessionId equals session.Id
            join grant in database.Grants.AsNoTracking() on session.GrantId equals grant.Id
            join request in database.Requests.AsNoTracking().IgnoreAutoIncludes() on grant.RequestId equals request.Id
            where session.Id == sessionId && (actor.MayReadEverything || session.Holder == actor.Subject)
            select new { Recording = recording, Session = session, request.RequesterName, request.NodeName, request.Account, request.Region, RequestId = request.Id, request.Number, request.Reason }).SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        List<RecordedCommand> commands = await database.RecordedCommands.AsNoTracking().Where(command => command.SessionId == sessionId).OrderBy(command => command.Ordinal).ToListAsync(cancellationToken);
        return new RecordingDetails(found.Recording, found.Session, found.RequesterName, found.NodeName, found.RequestId, found.Number, found.Reason, commands);
    }

    /// <summary>Opens a recording to be played: that somebody did is recorded before anything is handed out.</summary>
    /// <returns>Writes the asciicast lines into a stream.</returns>
    /// <exception cref="RefusedException">It does not exist for the actor, was deleted, or cannot be read.</exception>
    public async Task<Func<Stream, Task>> PlayAsync(Actor actor, Guid sessionId, CancellationToken cancellationToken)
    {
        RecordingDetails found = await FindAsync(actor, sessionId, cancellationToken) ?? throw RefusedException.NotFound("recording");
        Recording.CanWatch(actor, found.Session).ThrowIfRefused();
        found.Recording.CanPlay().ThrowIfRefused();
        RecordingReader reader;
        try
        {
            reader = _recordings.Reader;
        }
        catch (RecordingException exception)
        {
            throw new RefusedException(RefusalKind.Unavailable, exception.Message, exception);
        }
        await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(cancellationToken);
        database.Record(new AuditEntry(actor, AuditAction.RecordingPlayed, sessionId.ToString(), $"The session of {found.PersonName} on {found.NodeName}.", _time.GetUtcNow()) { NodeId = found.Session.NodeId.Value });
        await database.SaveChangesAsync(cancellationToken);
        return stream => reader.CopyAsync(sessionId, stream, cancellationToken);
    }
}

/// <summary>A recording with what its page shows around it.</summary>
public sealed record RecordingDetails(Recording Recording, Session Session, string PersonName, string NodeName, Guid RequestId, long RequestNumber, string Reason, IReadOnlyList<RecordedCommand> Commands);
