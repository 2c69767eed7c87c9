using System.Text.Json;

namespace JitAccess.Web.Notifications;

/// <summary>What one recipient is told.</summary>
/// <param name="Kind">The event: <c>request.approved</c>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Title">In one line.</param>
/// <param name="Text">In words: the explanation, the reason given.</param>
/// <param name="Path">The page that shows it, relative to the application's address.</param>
/// <param name="Data">The event as systems read it.</param>
public sealed record Notice(string Kind, DateTimeOffset At, string Title, string Text, string Path, JsonElement Data)
{
    /// <summary>The kind of a message that only tries a channel.</summary>
    public const string TestKind = "channel.test";
}
