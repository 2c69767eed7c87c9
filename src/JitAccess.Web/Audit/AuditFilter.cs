using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace JitAccess.Web.Audit;

/// <summary>Which entries of the audit are wanted. What is null or empty does not narrow.</summary>
public sealed record AuditFilter
{
    /// <summary>The first day, in UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, in UTC.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>A person's name or subject, or a part of one; <c>JitAccess</c> for what the clock or a policy did.</summary>
    public string? Person { get; init; }

    /// <summary>Names of actions; any of them.</summary>
    public ImmutableArray<string> Actions { get; init; } = [];

    /// <summary>A node's id or name, or a part of one.</summary>
    public string? Node { get; init; }

    /// <summary>A request's number, the id of a request, a grant or a session, or any other subject.</summary>
    public string? Subject { get; init; }

    /// <summary>Words of the reason, in this order; the last may be a part of one.</summary>
    public string? Text { get; init; }

    /// <summary>The version of the policy set that governed.</summary>
    public int? Version { get; init; }

    /// <summary>Whether it narrows at all.</summary>
    [JsonIgnore]
    public bool IsEmpty => InWords.Length == 0;

    /// <summary>The filter for people to read; empty for none.</summary>
    [JsonIgnore]
    public string InWords => string.Join(", ", new[]
    {
        From is { } from ? $"from {Day(from)}" : null,
        Until is { } until ? $"until {Day(until)}" : null,
        Person is null ? null : $"person “{Person}”",
        Actions.IsEmpty ? null : string.Join(" or ", Actions),
        Node is null ? null : $"node “{Node}”",
        Subject is null ? null : $"subject “{Subject}”",
        Text is null ? null : $"“{Text}”",
        Version is { } version ? $"policy version {version}" : null,
    }.Where(part => part is not null));

    /// <summary>The filter out of the values of an address. A value that says nothing is none; one that is wrong is refused.</summary>
    /// <exception cref="FormatException">A day or a number is not one.</exception>
    public static AuditFilter Parse(string? from, string? until, string? person, IEnumerable<string?>? actions, string? node, string? subject, string? text, string? version) => new()
    {
        From = DayOf(from),
        Until = DayOf(until),
        Person = Said(person),
        Actions = [.. (actions ?? []).Select(Said).OfType<string>().Distinct()],
        Node = Said(node),
        Subject = Said(subject),
        Text = Said(text),
        Version = Said(version) is { } number ? int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) : null,
    };

    private static string? Said(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static DateOnly? DayOf(string? value) => Said(value) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
