using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>What is decided: may this actor have this node now, for this reason and this long?</summary>
/// <param name="Actor">Who asks, acting under which role.</param>
/// <param name="Node">The node they ask for.</param>
/// <param name="At">The instant of the question; policies may look at the time.</param>
/// <param name="Reason">Why they ask; empty while the form is not filled in.</param>
/// <param name="Duration">How long they ask for; null for as long as the policy allows.</param>
public sealed record AccessQuestion(Actor Actor, Node Node, DateTimeOffset At, string Reason, TimeSpan? Duration = null)
{
    /// <summary>The longest reason, in characters, as in AWS's API.</summary>
    public const int MaximumReasonLength = 256;

    /// <summary>Whether the reason is one: 1 to 256 characters and not only blanks.</summary>
    public static Ruling CanBeReason(string? reason) => reason switch
    {
        _ when string.IsNullOrWhiteSpace(reason) => Ruling.Refused(RefusalKind.Invalid, "Say why you need access: a reason is required, 1 to 256 characters."),
        { Length: > MaximumReasonLength } => Ruling.Refused(RefusalKind.Invalid, $"The reason has {reason.Length} characters; at most {MaximumReasonLength} are allowed. Shorten it."),
        _ => Ruling.Allowed,
    };
}
