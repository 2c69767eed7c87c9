using System.Globalization;
using System.Text.RegularExpressions;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Durations as documents have them: a number and one unit, the largest that fits exactly: <c>7 days</c>, <c>90 minutes</c>.</summary>
internal static partial class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("day", TimeSpan.FromDays(1)), ("hour", TimeSpan.FromHours(1)), ("minute", TimeSpan.FromMinutes(1)), ("second", TimeSpan.FromSeconds(1))];

    public static string Write(TimeSpan duration)
    {
        (string unit, TimeSpan length) = Units.FirstOrDefault(unit => duration.Ticks % unit.Length.Ticks == 0, Units[^1]);
        decimal number = (decimal)duration.Ticks / length.Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#######} {unit}{(number == 1 ? "" : "s")}");
    }

    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        Match match = Pattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number)) return false;
        decimal ticks = number * Units.First(unit => unit.Unit == match.Groups[2].Value).Length.Ticks;
        if (Math.Abs(ticks) > TimeSpan.MaxValue.Ticks || ticks != decimal.Truncate(ticks)) return false;
        duration = new TimeSpan((long)ticks);
        return true;
    }

    [GeneratedRegex(@"^(-?\d{1,15}(?:\.\d{1,7})?) (day|hour|minute|second)s?\z")]
    private static partial Regex Pattern();
}
