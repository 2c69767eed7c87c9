using System.Globalization;

namespace JitAccess.Cedar.Evaluation;

/// <summary>
/// Cedar's <c>datetime</c>: <c>YYYY-MM-DD</c>, or with <c>THH:MM:SS</c>, optionally <c>.SSS</c>, and <c>Z</c> or <c>±hhmm</c>; years 0000 to 9999.
/// </summary>
internal static class DateTimeText
{
    private const long Day = 86_400_000;

    /// <summary>Milliseconds since the beginning of 1970 in UTC, or null for a text that is no point in time.</summary>
    public static long? TryParse(string text)
    {
        var rest = text.AsSpan();
        if (!(Number(ref rest, 4) is { } year && Literal(ref rest, '-') && Number(ref rest, 2) is { } month && Literal(ref rest, '-') && Number(ref rest, 2) is { } day))
            return null;
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month))
            return null;
        var date = DaysFromEpoch(year, month, day) * Day;
        if (rest.IsEmpty)
            return date;

        if (!(Literal(ref rest, 'T') && Number(ref rest, 2) is { } hour && Literal(ref rest, ':') && Number(ref rest, 2) is { } minute && Literal(ref rest, ':') && Number(ref rest, 2) is { } second))
            return null;
        var milliseconds = 0;
        if (Literal(ref rest, '.'))
        {
            if (Number(ref rest, 3) is not { } fraction)
                return null;
            milliseconds = fraction;
        }
        if (hour > 23 || minute > 59 || second > 59 || OffsetMinutes(rest) is not { } offset)
            return null;
        return date + ((((hour * 60L) + minute - offset) * 60) + second) * 1000 + milliseconds;
    }

    /// <summary>The expression that makes this point in time; years that the format does not have are counted from 1970.</summary>
    public static string Format(long milliseconds)
    {
        var days = FloorDivide(milliseconds, Day);
        var (year, month, day) = DateOf(days);
        if (year is < 0 or > 9999)
            return string.Create(CultureInfo.InvariantCulture, $"datetime(\"1970-01-01\").offset(duration(\"{milliseconds}ms\"))");
        var time = milliseconds - (days * Day);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"datetime(\"{year:D4}-{month:D2}-{day:D2}T{time / 3_600_000:D2}:{time / 60_000 % 60:D2}:{time / 1000 % 60:D2}.{time % 1000:D3}Z\")");
    }

    /// <summary>The beginning of the day, or null where that is beyond 64 bits.</summary>
    public static long? DateOfTime(long milliseconds) => (Int128)milliseconds - TimeOfDay(milliseconds) is var date && date >= long.MinValue ? (long)date : null;

    /// <summary>The time since the beginning of the day.</summary>
    public static long TimeOfDay(long milliseconds) => ((milliseconds % Day) + Day) % Day;

    private static int? OffsetMinutes(ReadOnlySpan<char> zone)
    {
        if (zone is "Z")
            return 0;
        var isPositive = Literal(ref zone, '+');
        if (!isPositive && !Literal(ref zone, '-'))
            return null;
        if (Number(ref zone, 2) is not { } hours || Number(ref zone, 2) is not { } minutes || !zone.IsEmpty || hours > 23 || minutes > 59)
            return null;
        return (isPositive ? 1 : -1) * ((hours * 60) + minutes);
    }

    private static int? Number(ref ReadOnlySpan<char> text, int digits)
    {
        if (text.Length < digits || text[..digits].ContainsAnyExceptInRange('0', '9'))
            return null;
        var number = int.Parse(text[..digits], CultureInfo.InvariantCulture);
        text = text[digits..];
        return number;
    }

    private static bool Literal(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }

    private static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    private static int DaysIn(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    // The framework's calendar begins with the year 1, Cedar's with the year 0. Years are counted from March here, so that the leap day ends them.
    private static long DaysFromEpoch(long year, int month, int day)
    {
        if (month <= 2)
            year--;
        var era = FloorDivide(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * ((month + 9) % 12)) + 2) / 5) + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    private static (long Year, int Month, int Day) DateOf(long days)
    {
        days += 719_468;
        var era = FloorDivide(days, 146_097);
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var calendarMonth = (int)(month < 10 ? month + 3 : month - 9);
        return (yearOfEra + (era * 400) + (calendarMonth <= 2 ? 1 : 0), calendarMonth, (int)(dayOfYear - (((153 * month) + 2) / 5) + 1));
    }

    private static long FloorDivide(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
