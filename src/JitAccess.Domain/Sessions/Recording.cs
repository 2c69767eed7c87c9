using JitAccess.Domain.People;

namespace JitAccess.Domain.Sessions;

/// <summary>What is kept of one session's terminal: the facts about the file, not the file.</summary>
public sealed class Recording
{
    private Recording() { }

    /// <summary>A recording that was opened for a session, before AWS is asked for the session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="holdsInput">Whether keystrokes are kept, too.</param>
    /// <param name="keepUntil">When it may be deleted.</param>
    public Recording(Session session, bool holdsInput, DateTimeOffset keepUntil)
    {
        SessionId = session.Id;
        StartedAt = session.StartedAt;
        HoldsInput = holdsInput;
        KeepUntil = keepUntil;
    }

    /// <summary>The session's id; a session has one recording.</summary>
    public Guid SessionId { get; private set; }

    /// <summary>When it begins.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Whether keystrokes are kept, passwords that were typed included.</summary>
    public bool HoldsInput { get; private set; }

    /// <summary>When it was closed; null while it is written, or while nobody has yet found what a lost process left.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>How it ended; null while it is written.</summary>
    public RecordingEnd? End { get; private set; }

    /// <summary>Why it is not whole, in words; empty if it is.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>The length of the stored file in bytes; 0 until it is closed.</summary>
    public long Bytes { get; private set; }

    /// <summary>SHA-256 of the stored file in lower-case hexadecimal; empty until it is closed.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>How long the session was recorded; zero until it is closed.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>When it may be deleted.</summary>
    public DateTimeOffset KeepUntil { get; private set; }

    /// <summary>When the file was deleted; null while it is kept.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Whether somebody may see what was recorded of a session: admins, auditors, and the person who worked in it.</summary>
    public static Ruling CanWatch(Actor actor, Session session) => actor.MayReadEverything || actor.Subject == session.Holder
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.NotFound, "This session does not exist.");

    /// <summary>Whether there is something to play.</summary>
    public Ruling CanPlay() => DeletedAt is { } at
        ? Ruling.Refused(RefusalKind.NotFound, $"The recording was deleted on {at.UtcDateTime:yyyy-MM-dd}, at the end of the time for which it was to be kept.")
        : Ruling.Allowed;

    /// <summary>The file is complete, or as complete as it gets. A recording that is closed stays as it is.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="failure">Why it is not whole; empty if it is.</param>
    /// <param name="bytes">Length of the stored file.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="duration">How long the session was recorded.</param>
    /// <param name="now">When it was closed.</param>
    public void Close(RecordingEnd end, string failure, long bytes, string sha256, TimeSpan duration, DateTimeOffset now)
    {
        if (ClosedAt is not null) return;
        (ClosedAt, End, Failure, Bytes, Sha256, Duration) = (now, end, failure, bytes, sha256, duration);
    }

    /// <summary>The file is gone, its time being over.</summary>
    /// <exception cref="InvalidOperationException">It is still written, or still to be kept.</exception>
    public void Deleted(DateTimeOffset now)
    {
        if (ClosedAt is null || now < KeepUntil) throw new InvalidOperationException("The recording is to be kept.");
        DeletedAt ??= now;
    }
}

/// <summary>How a recording ended.</summary>
public enum RecordingEnd
{
    /// <summary>With the session, whole.</summary>
    Whole,

    /// <summary>The process that wrote it was lost; what it had written until a second before is there.</summary>
    Interrupted,

    /// <summary>It could not be written any more.</summary>
    Failed,
}
