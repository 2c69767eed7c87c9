using JitAccess.Web.Sessions.Gateway;

namespace JitAccess.Web.Sessions;

/// <summary>A session that this process serves, with the time that it has: until its grant ends, as far as is known here.</summary>
internal sealed class HeldSession(LiveSession session, DateTimeOffset endsAt)
{
    private static readonly TimeSpan[] Warnings = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)];

    private readonly Queue<TimeSpan> _warnings = new(Warnings);

    // Read by the data channel's own task, too.
    private long _endsAt = endsAt.UtcTicks;

    public LiveSession Session => session;

    public DateTimeOffset EndsAt => new(Volatile.Read(ref _endsAt), TimeSpan.Zero);

    /// <summary>Whether the known end has come.</summary>
    public bool IsOver(DateTimeOffset now) => session.End is null && now >= EndsAt;

    /// <summary>Follows the grant to another end. The page's countdown goes with it, and the warnings come again before the new end.</summary>
    public void MoveEnd(DateTimeOffset to)
    {
        DateTimeOffset from = EndsAt;
        if (to == from) return;
        Volatile.Write(ref _endsAt, to.UtcTicks);
        _warnings.Clear();
        foreach (TimeSpan warning in Warnings) _warnings.Enqueue(warning);
        session.MoveEnd(to);
        if (to > from) session.Notify("You have more time. The countdown above shows how much.");
    }

    /// <summary>Warns before the end, and ends the session at it.</summary>
    public async Task KeepTimeAsync(DateTimeOffset now)
    {
        if (session.End is not null) return;
        TimeSpan left = EndsAt - now;
        if (left <= TimeSpan.Zero)
        {
            await session.EndAsync("The access window is over.");
            return;
        }
        TimeSpan? due = null;
        while (_warnings.TryPeek(out TimeSpan warning) && left <= warning) due = _warnings.Dequeue();
        // A grant shorter than the warning begins with less time than it warns of; that is no news.
        if (due is { } minutes && left > minutes - TimeSpan.FromSeconds(10))
            session.Notify($"The grant ends in {(minutes.TotalMinutes == 1 ? "1 minute" : $"{minutes.TotalMinutes:0} minutes")}, and this session with it. Save your work, or extend the grant.");
    }
}
