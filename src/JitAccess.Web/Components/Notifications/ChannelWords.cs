using JitAccess.Web.Notifications.Channels;

namespace JitAccess.Web.Components.Notifications;

/// <summary>Channels as people call them.</summary>
public static class ChannelWords
{
    /// <summary><c>webhook:siem</c> becomes <c>webhook siem</c>.</summary>
    public static string Of(string name) => name == "email" ? "e-mail" : name.Replace(':', ' ');

    /// <summary><c>e-mail and slack ops</c></summary>
    public static string List(IReadOnlyList<string> names) => names.Count == 1
        ? Of(names[0])
        : $"{string.Join(", ", names.SkipLast(1).Select(Of))} and {Of(names[^1])}";

    /// <summary>What a channel is sent.</summary>
    public static string Sent(ChannelKind kind) => kind switch
    {
        ChannelKind.Email => "what concerns each person, as they have chosen",
        ChannelKind.Webhook => "every event, signed",
        ChannelKind.Slack or ChannelKind.Teams => "requests, outcomes and published policies",
    };
}
