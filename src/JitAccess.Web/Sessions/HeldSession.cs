using JitAccess.Domain.Policies;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Sessions.Recordings;

namespace JitAccess.Web.Sessions;

/// <summary>A session that this process serves, with the time that it has: until its grant ends, as far as is known here.</summary>
internal sealed class HeldSession(IServedSession session, DateTimeOffset endsAt, SessionRules rules, Recorder? recorder)
{
    private static readonly TimeSpan[] Warnings = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)];

    private readonly Queue<TimeSpan> _warnings = new(Warnings);

    private SessionRules _rules = rules;
    private bool _saidUnrecorded;
    private bool _warnedOfIdleness;

    // Read by the data channel's own task, too.
    private long _endsAt = endsAt.UtcTicks;

    public IServedSession Session => session;

    /// <summary>Writes the recording; null when nothing is recorded.</summary>
    public Recorder? Recorder => recorder;

    /// <summary>What ended the session when this process ended it of its own accord; null when it did not.</summary>
    public SessionEnd? OwnEnd { get; private set; }

    /// <summary>Whether the store knows that the session has ended.</summary>
    public bool IsEndStored { get; set; }

    /// <summary>Whether it goes on when its recording fails.</summary>
    public bool GoesOnUnrecorded { get; init; }

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

    /// <summary>Follows the grant's rules, which an extension tightens and another grant may set anew.</summary>
    public void Follow(SessionRules rules)
    {
        if (rules == _rules) return;
        _rules = rules;
        session.Follow(LiveRulesOf(rules, recorder));
    }

    /// <summary>The rules as the gateway keeps them.</summary>
    public static LiveRules LiveRulesOf(SessionRules rules, Recorder? recorder) => new()
    {
        NeedsObserver = rules.NeedsObserver,
        TellsWhenWatched = rules.TellsWhenWatched,
        IsRecorded = recorder is not null,
        RecordsInput = recorder?.RecordsInput == true,
    };

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
        if (recorder?.Failed.IsCompletedSuccessfully == true && !_saidUnrecorded)
        {
            _saidUnrecorded = true;
            if (!GoesOnUnrecorded)
            {
                OwnEnd = SessionEnd.NotRecorded;
                await session.EndAsync($"The session could not be recorded any more. {await recorder.Failed}");
                return;
            }
            session.Notify("This session is not recorded any more: the recording failed. It is marked as incomplete.");
        }
        if (_rules.IdleTimeout is { } idle && await KeepBusyAsync(idle)) return;
        TimeSpan? due = null;
        while (_warnings.TryPeek(out TimeSpan warning) && left <= warning) due = _warnings.Dequeue();
        // A grant shorter than the warning begins with less time than it warns of; that is no news.
        if (due is { } minutes && left > minutes - TimeSpan.FromSeconds(10))
            session.Notify($"The grant ends in {InWords(minutes)}, and this session with it. Save your work, or extend the grant.");
    }

    /// <summary>Warns before an unused session ends, and ends it; true if it did.</summary>
    private async Task<bool> KeepBusyAsync(TimeSpan idle)
    {
        TimeSpan unused = session.IdleFor;
        if (unused >= idle)
        {
            OwnEnd = SessionEnd.Idle;
            await session.EndAsync($"Nobody used the session for {InWords(idle)}.");
            return true;
        }
        bool isClose = unused >= idle - TimeSpan.FromMinutes(1) && idle > TimeSpan.FromMinutes(1);
        if (isClose && !_warnedOfIdleness) session.Notify($"Nobody has used this session for a while. It ends in 1 minute, at {InWords(idle)} unused; press a key to stay.");
        _warnedOfIdleness = isClose;
        return false;
    }

    private static string InWords(TimeSpan time) => time.TotalMinutes == 1 ? "1 minute" : $"{time.TotalMinutes:0} minutes";
}
