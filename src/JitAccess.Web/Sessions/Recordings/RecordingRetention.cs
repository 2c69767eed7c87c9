using JitAccess.Domain.Audit;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Deletes recordings whose time is over, with the commands found in them; that there was one stays known.</summary>
internal sealed class RecordingRetention(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<RecordingRetention> logger, IRecordingStore? store = null) : DueWork(time, logger)
{
    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        if (store is null) return false;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        List<Recording> due = await database.Recordings.FromSql(
            $"select *, xmin from recordings where deleted_at is null and closed_at is not null and keep_until <= {now} order by keep_until limit {BatchSize} for update skip locked").ToListAsync(cancellationToken);
        foreach (Recording recording in due)
        {
            try
            {
                await store.DeleteAsync(recording.SessionId, cancellationToken);
            }
            catch (RecordingException exception)
            {
                logger.LogWarning("The recording of session {Session} could not be deleted ({Reason}); trying again.", recording.SessionId, exception.Message);
                continue;
            }
            recording.Deleted(now);
            await database.RecordedCommands.Where(command => command.SessionId == recording.SessionId).ExecuteDeleteAsync(cancellationToken);
            database.Record(new AuditEntry(null, AuditAction.RecordingDeleted, recording.SessionId.ToString(), $"It was to be kept until {recording.KeepUntil.UtcDateTime:yyyy-MM-dd HH:mm} UTC. SHA-256 {recording.Sha256}.", now));
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count == BatchSize && due.Any(recording => recording.DeletedAt is not null);
    }
}
