using System.Collections.Immutable;
using System.Globalization;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>The times that an analysis asks at, and how they are told.</summary>
public static class ImpactTimes
{
    private const int HoursOfAWeek = 7 * 24;

    /// <summary>More instants than this are not sampled beside the week: policies that name more are judged by the first.</summary>
    private const int MostInstants = 64;

    private static readonly ImmutableArray<string> Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>
    /// Now, when no policy looks at the time. Otherwise now, every hour of the week that begins with the next full one,
    /// and for every instant to come that a policy names, that instant and the last millisecond before it.
    /// </summary>
    public static ImmutableArray<DateTimeOffset> Sample(PolicyEvaluator before, PolicyEvaluator after, DateTimeOffset now)
    {
        // A fraction of a second says nothing to a reader, and below it marks the end of what an instant begins.
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        if (!(before.LooksAt | after.LooksAt).HasFlag(RequestFacts.Time)) return [now];
        DateTimeOffset utc = now.ToUniversalTime();
        DateTimeOffset first = new DateTimeOffset(utc.Date, TimeSpan.Zero).AddHours(utc.Hour + 1);
        IEnumerable<DateTimeOffset> hours = Enumerable.Range(0, HoursOfAWeek).Select(hour => first.AddHours(hour));
        IEnumerable<DateTimeOffset> named = before.Instants.Concat(after.Instants).Where(instant => instant > now).Distinct().Order().Take(MostInstants)
            .SelectMany(instant => new[] { instant.AddMilliseconds(-1), instant });
        return [.. hours.Concat(named).Prepend(now).Distinct().Order()];
    }

    /// <summary>Sampled times in words: <c>Mon–Fri 08:00–18:00, from 2026-12-24 00:00 (UTC)</c>.</summary>
    public static string InWords(IReadOnlyCollection<DateTimeOffset> times, TimeZoneInfo zone, DateTimeOffset now)
    {
        // The week is told by day and hour; what lies beyond it, by its date.
        DateTimeOffset endOfWeek = now.AddHours(HoursOfAWeek + 1);
        ILookup<bool, DateTimeOffset> parts = times.Select(time => TimeZoneInfo.ConvertTime(time, zone)).ToLookup(time => time <= endOfWeek && time.Millisecond == 0);
        List<string> words = [.. Week([.. parts[true].Where(time => time.Minute == 0 || times.Count > 1)])];
        if (words.Count == 0 && parts[true].Any()) words.Add("now");
        words.AddRange(parts[false].Where(time => time.Millisecond == 0).Select(time => string.Create(CultureInfo.InvariantCulture, $"from {time:yyyy-MM-dd HH:mm}")));
        if (!parts[false].Any(time => time.Millisecond == 0))
            words.AddRange(parts[false].Select(time => string.Create(CultureInfo.InvariantCulture, $"until {time.AddMilliseconds(1):yyyy-MM-dd HH:mm}")));
        return $"{string.Join(", ", words)} ({zone.Id})";
    }

    private static IEnumerable<string> Week(IReadOnlyCollection<DateTimeOffset> hours)
    {
        string[] byDay = [.. Enumerable.Range(0, 7).Select(day => string.Join(" and ", Runs([.. hours.Where(hour => ((int)hour.DayOfWeek + 6) % 7 == day).Select(hour => hour.Hour).Distinct().Order()])))];
        for (int day = 0; day < 7;)
        {
            int last = day;
            while (last < 6 && byDay[last + 1] == byDay[day]) last++;
            string days = last == day ? Days[day] : last == day + 1 ? $"{Days[day]}, {Days[last]}" : $"{Days[day]}–{Days[last]}";
            if (byDay[day].Length > 0) yield return byDay[day] == "00:00–24:00" ? days : $"{days} {byDay[day]}";
            day = last + 1;
        }
    }

    private static IEnumerable<string> Runs(int[] hours)
    {
        for (int index = 0; index < hours.Length;)
        {
            int last = index;
            while (last + 1 < hours.Length && hours[last + 1] == hours[last] + 1) last++;
            yield return $"{hours[index]:00}:00–{hours[last] + 1:00}:00";
            index = last + 1;
        }
    }
}
