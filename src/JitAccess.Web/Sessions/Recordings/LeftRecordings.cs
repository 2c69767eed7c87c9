using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Closes recordings whose process was lost before it could: their sessions have ended, and nobody has held them for long.</summary>
internal sealed class LeftRecordings(IDbContextFactory<JitAccessDbContext> contexts, RecordingService recordings, TimeProvider time, ILogger<LeftRecordings> logger) : DueWork(time, logger)
{
    // Well beyond the lease and the differences between clocks: the process that writes a file is the one to close it.
    private static readonly TimeSpan LeftFor = TimeSpan.FromMinutes(3);

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        if (!recordings.IsOn) return false;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset leftBefore = Time.GetUtcNow() - LeftFor;
        Recording? left = await database.Recordings.FromSql(
            $"""
            select r.*, r.xmin from recordings r join sessions s on s.id = r.session_id
            where r.closed_at is null and s.ended_at < {leftBefore} and coalesce(s.held_until, s.started_at) < {leftBefore}
            order by r.started_at limit 1 for update of r skip locked
            """).SingleOrDefaultAsync(cancellationToken);
        if (left is null) return false;
        Session session = await database.Sessions.AsNoTracking().SingleAsync(entity => entity.Id == left.SessionId, cancellationToken);
        try
        {
            await recordings.CloseLeftAsync(database, session, left, cancellationToken);
        }
        catch (RecordingException exception)
        {
            logger.LogWarning("The recording of session {Session} could not be read back ({Reason}).", session.Id, exception.Message);
            recordings.GiveUp(database, session, left, exception.Message);
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
