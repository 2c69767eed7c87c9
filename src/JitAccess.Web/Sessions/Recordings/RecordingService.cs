using JitAccess.Domain.Audit;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Opens and closes the recordings of sessions, the file and what is known of it together.</summary>
/// <param name="options">The section <c>Recording</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="store">Where the files lie; null when nothing is recorded.</param>
internal sealed class RecordingService(IOptions<RecordingOptions> options, TimeProvider time, IRecordingStore? store = null)
{
    private readonly RecordingKeys? _keys = options.Value.Off ? null : new RecordingKeys(options.Value.Keys);

    /// <summary>Whether sessions are recorded.</summary>
    public bool IsOn => store is not null;

    /// <summary>What becomes of a session whose recording fails.</summary>
    public WhenRecordingFails WhenItFails => options.Value.WhenItFails;

    /// <summary>Adds the row of a recording to the context, for a session that is about to be opened; null when nothing is recorded.</summary>
    /// <param name="database">The caller saves it.</param>
    /// <param name="session">The session.</param>
    /// <param name="keepDays">How long it is kept; null for as long as the configuration says.</param>
    public Recording? Add(JitAccessDbContext database, Session session, int? keepDays)
    {
        if (!IsOn) return null;
        Recording recording = new(session, options.Value.Input, session.StartedAt + TimeSpan.FromDays(keepDays ?? options.Value.KeepDays));
        database.Recordings.Add(recording);
        return recording;
    }

    /// <summary>Opens the file, when something is recorded.</summary>
    /// <exception cref="RecordingException">It cannot be opened.</exception>
    public async Task<Recorder?> StartAsync(Guid sessionId, string title, CancellationToken cancellationToken) =>
        store is null ? null : await Recorder.StartAsync(store, _keys!, sessionId, title, options.Value.Input, time, cancellationToken);

    /// <summary>Throws away the recording of a session that never came to life.</summary>
    public async Task DropAsync(JitAccessDbContext database, Recording recording, Recorder? recorder)
    {
        if (recorder is not null) await recorder.DisposeAsync();
        database.Recordings.Remove(recording);
        try
        {
            await store!.DeleteAsync(recording.SessionId, CancellationToken.None);
        }
        catch (RecordingException)
        {
            // The store that did not take it may not give it up either; what is there holds no output.
        }
    }

    /// <summary>Stores the commands found since the last time. The caller saves nothing: this is a save of its own.</summary>
    public static async Task StoreCommandsAsync(JitAccessDbContext database, Guid sessionId, IReadOnlyList<(TimeSpan At, string Text)> commands, CancellationToken cancellationToken)
    {
        int ordinal = 1 + (await database.RecordedCommands.Where(command => command.SessionId == sessionId).MaxAsync(command => (int?)command.Ordinal, cancellationToken) ?? -1);
        foreach ((TimeSpan at, string text) in commands) database.RecordedCommands.Add(new RecordedCommand(sessionId, ordinal++, at, text));
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Closes the recording of a session that has ended here; the caller saves.</summary>
    public async Task CloseAsync(JitAccessDbContext database, Session session, Recorder recorder, CancellationToken cancellationToken)
    {
        RecorderResult result = await recorder.FinishAsync(hasFailed: session.End == SessionEnd.Failed);
        await StoreCommandsAsync(database, session.Id, recorder.TakeCommands(), cancellationToken);
        Recording recording = await database.Recordings.SingleAsync(entity => entity.SessionId == session.Id, cancellationToken);
        Close(database, session, recording, result.Failure.Length > 0 ? RecordingEnd.Failed : RecordingEnd.Whole, result, time.GetUtcNow());
    }

    /// <summary>Finds what a lost process left of a recording, and closes it; the caller saves.</summary>
    /// <exception cref="RecordingException">The store does not answer.</exception>
    public async Task CloseLeftAsync(JitAccessDbContext database, Session session, Recording recording, CancellationToken cancellationToken)
    {
        TimeSpan duration = (session.EndedAt ?? session.StartedAt) - session.StartedAt;
        (long bytes, string sha256, bool isWhole) = await new RecordingReader(store!, _keys!).MeasureAsync(session.Id, cancellationToken);
        string failure = isWhole ? "" : "JitAccess stopped unexpectedly; up to a second before that may be missing.";
        Close(database, session, recording, isWhole ? RecordingEnd.Whole : RecordingEnd.Interrupted, new RecorderResult(bytes, sha256, duration, failure), time.GetUtcNow());
    }

    /// <summary>Closes a recording of which nothing can be read; the caller saves.</summary>
    public void GiveUp(JitAccessDbContext database, Session session, Recording recording, string why) =>
        Close(database, session, recording, RecordingEnd.Failed, new RecorderResult(0, "", TimeSpan.Zero, why), time.GetUtcNow());

    /// <summary>Reads recordings.</summary>
    /// <exception cref="RecordingException">Nothing is recorded here.</exception>
    public RecordingReader Reader => store is null ? throw new RecordingException("This installation keeps no recordings (Recording:Off).") : new RecordingReader(store, _keys!);

    private static void Close(JitAccessDbContext database, Session session, Recording recording, RecordingEnd end, RecorderResult result, DateTimeOffset now)
    {
        recording.Close(end, result.Failure, result.Bytes, result.Sha256, result.Duration, now);
        string incomplete = result.Failure.Length > 0 ? $" It is not complete: {result.Failure}" : "";
        database.Record(new AuditEntry(null, AuditAction.RecordingStored, session.Id.ToString(), $"{result.Bytes} bytes, SHA-256 {result.Sha256}.{incomplete}", now) { NodeId = session.NodeId.Value });
    }
}
