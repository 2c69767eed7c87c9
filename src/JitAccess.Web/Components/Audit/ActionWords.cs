using System.Text;
using JitAccess.Domain.Audit;
using JitAccess.Web.Components.Shared;

namespace JitAccess.Web.Components.Audit;

/// <summary>Actions as people say them, with the colour and the symbol of what happened.</summary>
public static class ActionWords
{
    /// <summary>All actions that this version knows, by name.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetNames<AuditAction>().Order(StringComparer.Ordinal)];

    /// <summary><c>RequestApprovedAutomatically</c> becomes <c>Request approved automatically</c>.</summary>
    public static string Of(string action)
    {
        StringBuilder words = new();
        foreach (char letter in action)
        {
            if (words.Length > 0 && char.IsAsciiLetterUpper(letter)) words.Append(' ').Append(char.ToLowerInvariant(letter));
            else words.Append(letter);
        }
        return words.ToString();
    }

    /// <summary>How it is shown; an action that says nothing of the kind is neutral.</summary>
    public static (Tone Tone, Glyph Glyph) Shown(string action)
    {
        bool Ends(string with) => action.EndsWith(with, StringComparison.Ordinal);
        return action switch
        {
            _ when Ends("Refused") || Ends("Failed") => (Tone.Bad, Glyph.ShieldX),
            _ when Ends("Rejected") || Ends("Revoked") => (Tone.Bad, Glyph.XCircle),
            nameof(AuditAction.GlassBroken) => (Tone.Bad, Glyph.Alarm),
            nameof(AuditAction.TokenReused) => (Tone.Bad, Glyph.Alert),
            nameof(AuditAction.TokenIssued) => (Tone.Info, Glyph.Key),
            nameof(AuditAction.GlassReviewed) => (Tone.Info, Glyph.Eye),
            _ when Ends("Approved") || Ends("ApprovedAutomatically") || Ends("Activated") => (Tone.Ok, Glyph.Check),
            _ when Ends("Recorded") => (Tone.Ok, Glyph.People),
            _ when Ends("Submitted") => (Tone.Info, Glyph.Send),
            _ when Ends("Started") => (Tone.Info, Glyph.Terminal),
            _ when Ends("Watched") || Ends("Played") => (Tone.Warn, Glyph.Eye),
            _ when Ends("Stored") => (Tone.Info, Glyph.Rec),
            _ when Ends("TimedOut") || Ends("Expired") => (Tone.Idle, Glyph.Clock),
            _ when action.StartsWith("Policy", StringComparison.Ordinal) => (Tone.Warn, Glyph.Shield),
            _ when Ends("Retired") || Ends("Deleted") => (Tone.Warn, Glyph.Trash),
            _ when Ends("Replayed") || Ends("Tested") => (Tone.Info, Glyph.Send),
            _ when Ends("Exported") => (Tone.Warn, Glyph.Down),
            _ => (Tone.Idle, Glyph.Minus),
        };
    }
}
