using System.Collections.Immutable;
using System.Globalization;

namespace JitAccess.Domain.Policies;

/// <summary>The parts of a policy in words that say exactly what they are, for sentences about policies.</summary>
internal static class PolicyWords
{
    /// <summary><c>nodes with env=prod or env=stage, in Region eu-west-1, on Linux</c></summary>
    public static string Of(NodeTarget target) =>
        (target.IsByTags ? $"nodes with {Or(target.Tags)}" : "all nodes")
        + (target.Accounts.IsDefaultOrEmpty ? "" : $", in account {Or(target.Accounts)}")
        + (target.Regions.IsDefaultOrEmpty ? "" : $", in Region {Or(target.Regions)}")
        + (target.Platforms.IsDefaultOrEmpty ? "" : $", on {Or(target.Platforms)}");

    /// <summary><c>group platform-leads</c>; a role with its whole ARN, where it is named by that, because the name alone means more roles.</summary>
    public static string Of(Approver approver) => approver.Kind switch
    {
        ApproverKind.Person => $"person {approver.Id}",
        ApproverKind.Group => $"group {approver.Id}",
        ApproverKind.Role => $"role {approver.Id}",
    };

    /// <summary><c>any 2 of group platform-leads, person ann</c></summary>
    public static string Of(ApprovalLevel level) => $"any {level.RequiredApprovals} of {(level.Approvers.IsDefaultOrEmpty ? "nobody" : string.Join(", ", level.Approvers.Select(Of)))}";

    /// <summary><c>7 days</c>, <c>1 day 2 h 30 min</c></summary>
    public static string Of(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) return $"minus {Of(duration.Negate())}";
        List<string> parts = [];
        if (duration.Days > 0) parts.Add(duration.Days == 1 ? "1 day" : $"{duration.Days} days");
        if (duration.Hours > 0) parts.Add($"{duration.Hours} h");
        if (duration.Minutes > 0) parts.Add($"{duration.Minutes} min");
        decimal seconds = duration.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond;
        if (seconds > 0 || parts.Count == 0) parts.Add($"{seconds.ToString("0.#######", CultureInfo.InvariantCulture)} s");
        return string.Join(' ', parts);
    }

    /// <summary>What to say of a time zone that the system does not know.</summary>
    public static string UnknownZone(string name) => $"“{name}” is no time zone that is known here. Use an IANA name such as Europe/Berlin; capital letters count.";

    /// <summary><c>1 node</c>, <c>3 nodes</c></summary>
    public static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";

    /// <summary><c>a, b or c</c></summary>
    public static string Or<T>(ImmutableArray<T> items) => items.Length < 2
        ? string.Concat(items)
        : $"{string.Join(", ", items.Take(items.Length - 1))} or {items[^1]}";
}
