using System.Collections.Immutable;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>One row of “when”: a window of time on days of the week, on the clock of a time zone.</summary>
/// <param name="Zone">The time zone's IANA name, such as <c>Europe/Berlin</c>.</param>
/// <param name="Days">The days on which the window begins, in any order.</param>
/// <param name="From">The minute at which it begins.</param>
/// <param name="To">The minute at which it has ended: on the next day if it is not after <paramref name="From"/>, so that midnight is the end of the day.</param>
/// <param name="IsOutside">True for all the time that is not in the window.</param>
public sealed record TimeCondition(string Zone, ImmutableArray<DayOfWeek> Days, TimeOnly From, TimeOnly To, bool IsOutside = false)
{
    /// <summary>Monday to Sunday.</summary>
    public static ImmutableArray<DayOfWeek> EveryDay { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>The days, each once, Monday first.</summary>
    internal ImmutableArray<DayOfWeek> OrderedDays => [.. EveryDay.Where(Days.Contains)];

    internal bool IsOnEveryDay => OrderedDays.Length == EveryDay.Length;

    /// <summary>Whether the window reaches into the day after the one on which it begins.</summary>
    internal bool CrossesMidnight => To <= From && To != TimeOnly.MinValue;

    /// <summary>Whether the windows of all days leave no time out.</summary>
    internal bool IsAlways => IsOnEveryDay && From == To;

    /// <inheritdoc />
    public bool Equals(TimeCondition? other) => other is not null && Zone == other.Zone && From == other.From && To == other.To && IsOutside == other.IsOutside
        && OrderedDays.SequenceEqual(other.OrderedDays);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Zone, From, To, IsOutside);
}
