using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>What is decided: may this actor have this node now, for this reason and this long?</summary>
/// <param name="Actor">Who asks, acting under which role.</param>
/// <param name="Node">The node they ask for.</param>
/// <param name="At">The instant of the question; policies may look at the time (see <see cref="JudgedAt"/>).</param>
/// <param name="Reason">Why they ask; empty while the form is not filled in.</param>
/// <param name="Duration">How long they ask for; null for as long as the policy allows.</param>
public sealed record AccessQuestion(Actor Actor, Node Node, DateTimeOffset At, string Reason, TimeSpan? Duration = null)
{
    /// <summary>The longest reason, in characters, as in AWS's API.</summary>
    public const int MaximumReasonLength = 256;

    /// <summary>The longest ticket, in characters.</summary>
    public const int MaximumTicketLength = 64;

    /// <summary>The latest start that can be asked for, from now.</summary>
    public static readonly TimeSpan FarthestStart = TimeSpan.FromDays(30);

    /// <summary>The start that is asked for, in UTC whatever zone it was said in; null to start as soon as access is given.</summary>
    public DateTimeOffset? AskedStart { get; init => field = value?.ToUniversalTime(); }

    /// <summary>The ticket that the work belongs to, without blanks around it; null if none is given.</summary>
    public string? Ticket { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }

    /// <summary>Whether glass is to be broken: access at once, past those who would be asked.</summary>
    public bool BreakGlass { get; init; }

    /// <summary>The instant that policies look at: the asked start, or the question's own if it starts as soon as it can.</summary>
    public DateTimeOffset JudgedAt => AskedStart > At ? AskedStart.Value : At;

    /// <summary>Whether access can be asked for from this instant on: whole minutes, in the future, at most 30 days ahead; null, as soon as possible, always.</summary>
    public static Ruling CanStartAt(DateTimeOffset? start, DateTimeOffset now) => start switch
    {
        null => Ruling.Allowed,
        { } at when at.Ticks % TimeSpan.TicksPerMinute != 0 => Ruling.Refused(RefusalKind.Invalid, "Choose a start of whole minutes."),
        { } at when at <= now => Ruling.Refused(RefusalKind.Invalid, "The start has passed. Choose a later one, or start now."),
        { } at when at > now + FarthestStart => Ruling.Refused(RefusalKind.Invalid, $"The start is too far ahead: at most {FarthestStart.Days} days. Choose an earlier one."),
        _ => Ruling.Allowed,
    };

    /// <summary>Whether the reason is one: 1 to 256 characters and not only blanks.</summary>
    public static Ruling CanBeReason(string? reason) => reason switch
    {
        _ when string.IsNullOrWhiteSpace(reason) => Ruling.Refused(RefusalKind.Invalid, "Say why you need access: a reason is required, 1 to 256 characters."),
        { Length: > MaximumReasonLength } => Ruling.Refused(RefusalKind.Invalid, $"The reason has {reason.Length} characters; at most {MaximumReasonLength} are allowed. Shorten it."),
        _ => Ruling.Allowed,
    };

    /// <summary>Whether the ticket is one: at most 64 characters that can be seen; null, none, always.</summary>
    public static Ruling CanBeTicket(string? ticket) => ticket?.Trim() switch
    {
        null => Ruling.Allowed,
        { Length: > MaximumTicketLength } text => Ruling.Refused(RefusalKind.Invalid, $"The ticket has {text.Length} characters; at most {MaximumTicketLength} are allowed. Write its number alone."),
        { } text when text.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter)) => Ruling.Refused(RefusalKind.Invalid, "The ticket has a character that no ticket number has, such as a line break. Write its number alone."),
        _ => Ruling.Allowed,
    };
}
