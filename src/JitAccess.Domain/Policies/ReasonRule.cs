using System.Text.RegularExpressions;

namespace JitAccess.Domain.Policies;

/// <summary>What a policy that grants asks of the reason beyond that there is one, and of the ticket. Patterns are for the whole text.</summary>
public sealed record ReasonRule
{
    /// <summary>The longest pattern and the longest words about it, in characters.</summary>
    public const int MaximumTextLength = 200;

    /// <summary>How many characters the reason has at least: 0 to 256.</summary>
    public int MinimumLength { get; init; }

    /// <summary>A regular expression for the whole reason; null for any.</summary>
    public string? Pattern { get; init; }

    /// <summary>In words, what the pattern wants; null to show the pattern itself.</summary>
    public string? PatternHint { get; init; }

    /// <summary>A regular expression for the whole ticket, which makes a ticket required; null to leave the ticket to the requester.</summary>
    public string? TicketPattern { get; init; }

    /// <summary>A ticket as it should be: <c>OPS-1234</c>; null to show the pattern itself.</summary>
    public string? TicketHint { get; init; }

    /// <summary>Whether a request needs a ticket.</summary>
    public bool AsksForTicket => TicketPattern is not null;

    /// <summary>Whether the rule asks anything of the reason.</summary>
    public bool AsksOfReason => MinimumLength > 0 || Pattern is not null;

    /// <summary>What it asks of the reason, in words: <c>at least 20 characters, and this form: what, where, why</c>; empty if nothing.</summary>
    public string ReasonInWords => string.Join(", and ", new[]
    {
        MinimumLength > 0 ? $"at least {PolicyWords.Count(MinimumLength, "character")}" : null,
        Pattern is null ? null : PatternHint is { } hint ? $"this form: {hint}" : $"a text that matches {Pattern}",
    }.OfType<string>());

    /// <summary>What it asks of the ticket, in words: <c>a ticket such as OPS-1234</c>; empty if nothing.</summary>
    public string TicketInWords => TicketPattern is null ? "" : TicketHint is { } hint ? $"a ticket such as {hint}" : $"a ticket that matches {TicketPattern}";

    /// <summary>The rule as patterns and all, for sentences about policies.</summary>
    public override string ToString() => string.Join(", and ", new[]
    {
        MinimumLength > 0 ? $"a reason of at least {PolicyWords.Count(MinimumLength, "character")}" : null,
        Pattern is null ? null : $"a reason that matches {Pattern}{Words(PatternHint)}",
        TicketPattern is null ? null : $"a ticket that matches {TicketPattern}{Words(TicketHint)}",
        Pattern is null && PatternHint is { } pattern ? $"nothing by the words “{pattern}”" : null,
        TicketPattern is null && TicketHint is { } ticket ? $"nothing by the ticket “{ticket}”" : null,
    }.OfType<string>().DefaultIfEmpty("no more than a reason"));

    /// <summary>Whether the reason is what the rule asks for; blanks around it do not count.</summary>
    /// <param name="policy">The name of the policy whose rule it is.</param>
    /// <param name="reason">The reason.</param>
    public Ruling CanBeReason(string policy, string reason)
    {
        string text = reason.Trim();
        if (text.Length < MinimumLength) return Invalid($"“{policy}” asks for a reason of at least {PolicyWords.Count(MinimumLength, "character")}; this one has {text.Length}. Say more.");
        return Pattern is null || Matches(Pattern, text)
            ? Ruling.Allowed
            : Invalid($"“{policy}” asks for a reason of {(PatternHint is { } hint ? $"this form: {hint}" : $"another form: it must match {Pattern}")}.");
    }

    /// <summary>Whether the ticket is what the rule asks for.</summary>
    /// <param name="policy">The name of the policy whose rule it is.</param>
    /// <param name="ticket">The ticket without blanks around it; null if none is given.</param>
    public Ruling CanBeTicket(string policy, string? ticket) => TicketPattern switch
    {
        null => Ruling.Allowed,
        _ when ticket is null => Invalid($"“{policy}” asks for {TicketInWords}."),
        _ when Matches(TicketPattern, ticket) => Ruling.Allowed,
        _ => Invalid($"“{policy}” asks for {TicketInWords}; “{ticket}” is none."),
    };

    /// <summary>Why a pattern cannot be used, in words; null if it can.</summary>
    public static string? WhyNot(string pattern) => ReasonPatterns.WhyNot(pattern);

    /// <summary>Whether the pattern matches the whole text. A pattern that cannot be read matches nothing: it never helps the requester.</summary>
    public static bool Matches(string pattern, string text) => ReasonPatterns.TryRead(pattern, out Regex? regex, out _) && regex.IsMatch(text);

    private static Ruling Invalid(string message) => Ruling.Refused(RefusalKind.Invalid, message);

    private static string Words(string? hint) => hint is null ? "" : $" (“{hint}”)";
}
