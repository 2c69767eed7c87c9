using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace JitAccess.Domain.Policies;

/// <summary>A time zone that policies ask for by its IANA name, such as <c>context.request.clock.getTag("Europe/Berlin")</c>. Cedar's own <c>datetime</c> knows neither zones nor days of the week.</summary>
public sealed partial class ClockZone
{
    private static readonly ImmutableArray<string> Weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly TimeZoneInfo _zone;

    private ClockZone(string name, TimeZoneInfo zone) => (Name, _zone) = (name, zone);

    /// <summary>The IANA name, case-sensitive: <c>Europe/Berlin</c>.</summary>
    public string Name { get; }

    /// <summary>The zone of this name, or false when the system's time zone data has none.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out ClockZone? zone)
    {
        // A name is looked up among the system's files: only what is shaped like one gets there.
        bool found = Grammar().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? system) && system.HasIanaId && system.Id == name;
        zone = found ? new ClockZone(name, TimeZoneInfo.FindSystemTimeZoneById(name)) : null;
        return found;
    }

    /// <summary>The local day and minute at an instant, with the zone's daylight saving time of that day.</summary>
    public LocalTime At(DateTimeOffset instant)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(instant, _zone);
        return new LocalTime(Weekdays[(int)local.DayOfWeek], local.Hour * 60 + local.Minute);
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,3}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}

/// <summary>The time that people read off a clock on the wall.</summary>
/// <param name="Weekday">The day: <c>Mon</c>, <c>Tue</c>, <c>Wed</c>, <c>Thu</c>, <c>Fri</c>, <c>Sat</c> or <c>Sun</c>.</param>
/// <param name="Minute">The minute of the local day, 0 to 1439.</param>
public readonly record struct LocalTime(string Weekday, int Minute);
