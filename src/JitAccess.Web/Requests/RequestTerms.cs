namespace JitAccess.Web.Requests;

/// <summary>What a person says when they ask for access, beside the node.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Duration">How long, or how much longer; null for as long as the policies allow.</param>
/// <param name="Start">From when on; null for as soon as access is given. More time on a grant has no start.</param>
/// <param name="Ticket">The ticket that the work belongs to; null for none.</param>
/// <param name="BreakGlass">Whether to open access at once, past those who would be asked. Not for more time on a grant.</param>
public sealed record RequestTerms(string Reason, TimeSpan? Duration = null, DateTimeOffset? Start = null, string? Ticket = null, bool BreakGlass = false);
