namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>How long to wait for an acknowledgement before sending again, learnt from the round trips seen.</summary>
public sealed class RetransmissionTimeout
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockGranularity = TimeSpan.FromMilliseconds(10);

    private TimeSpan _roundTrip = TimeSpan.FromMilliseconds(100);
    private TimeSpan _variation = TimeSpan.Zero;

    /// <summary>The wait: 200 ms at first, never above one second.</summary>
    public TimeSpan Current { get; private set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Learns from one message that was sent once and acknowledged after <paramref name="roundTrip"/>.</summary>
    public void Observe(TimeSpan roundTrip)
    {
        _variation = (0.75 * _variation) + (0.25 * (_roundTrip - roundTrip).Duration());
        _roundTrip = (0.875 * _roundTrip) + (0.125 * roundTrip);
        TimeSpan wait = _roundTrip + Max(ClockGranularity, 4 * _variation);
        Current = wait < Longest ? wait : Longest;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
