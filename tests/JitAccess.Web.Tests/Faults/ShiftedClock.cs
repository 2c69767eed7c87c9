namespace JitAccess.Web.Tests.Faults;

/// <summary>A clock that somebody sets: the time of day jumps, timers and measured time go on as they were, as on a real machine.</summary>
internal sealed class ShiftedClock(TimeProvider real) : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Shift;

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
