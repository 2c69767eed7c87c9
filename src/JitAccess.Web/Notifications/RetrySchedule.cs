namespace JitAccess.Web.Notifications;

/// <summary>When a delivery that failed is tried again: eleven times within a day, as Standard Webhooks recommends.</summary>
public static class RetrySchedule
{
    /// <summary>The longest that the other side may ask to be left alone for.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(8),
    ];

    /// <summary>How many times a delivery is tried.</summary>
    public static int Most => Pauses.Length + 1;

    /// <summary>The pause after a failed try; null when it was the last.</summary>
    /// <param name="tries">How many tries there were.</param>
    /// <param name="asked">What the other side asked for; null for nothing. It only lengthens the pause.</param>
    /// <param name="spread">0 to 1, by chance: up to a tenth longer, so that what failed together does not come back together.</param>
    public static TimeSpan? After(int tries, TimeSpan? asked, double spread)
    {
        if (tries >= Most) return null;
        TimeSpan pause = Pauses[tries - 1] * (1 + (spread / 10));
        TimeSpan wanted = asked is not { } wish ? TimeSpan.Zero : wish < LongestAsked ? wish : LongestAsked;
        return pause > wanted ? pause : wanted;
    }
}
