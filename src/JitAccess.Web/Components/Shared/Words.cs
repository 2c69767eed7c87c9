using System.Globalization;

namespace JitAccess.Web.Components.Shared;

/// <summary>Durations and counts as people say them.</summary>
public static class Words
{
    /// <summary><c>30 min</c>, <c>2 h</c>, <c>1 h 30 min</c>, <c>7 days</c></summary>
    public static string For(TimeSpan duration)
    {
        if (duration >= TimeSpan.FromDays(2) && duration.Ticks % TimeSpan.TicksPerDay == 0) return Count(duration.Days, "day");
        int hours = (int)duration.TotalHours;
        return (hours, duration.Minutes) switch
        {
            (0, int minutes) => $"{minutes} min",
            (_, 0) => $"{hours} h",
            (_, int minutes) => $"{hours} h {minutes} min",
        };
    }

    /// <summary>How long something lasted, which may be seconds: <c>18 s</c>, <c>12 min</c>, <c>1 h 5 min</c></summary>
    public static string Lasted(TimeSpan duration) => duration < TimeSpan.FromMinutes(1) ? $"{(int)duration.TotalSeconds} s" : For(duration);

    /// <summary><c>1 person</c>, <c>2,440 people</c></summary>
    public static string Count(long number, string one, string many) => number == 1 ? $"1 {one}" : $"{Number(number)} {many}";

    /// <summary><c>1 node</c>, <c>2,440 nodes</c></summary>
    public static string Count(long number, string one) => Count(number, one, one + "s");

    /// <summary><c>2,440</c></summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1st</c>, <c>2nd</c>, <c>11th</c></summary>
    public static string Ordinal(int number) => (number % 100, number % 10) switch
    {
        (11 or 12 or 13, _) => $"{number}th",
        (_, 1) => $"{number}st",
        (_, 2) => $"{number}nd",
        (_, 3) => $"{number}rd",
        _ => $"{number}th",
    };
}
