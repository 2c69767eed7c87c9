namespace JitAccess.Web.Notifications.Channels;

/// <summary>What a channel is.</summary>
public enum ChannelKind
{
    /// <summary>Each person at their own address.</summary>
    Email,

    /// <summary>A system that is sent every event.</summary>
    Webhook,

    /// <summary>A room in Slack.</summary>
    Slack,

    /// <summary>A room in Microsoft Teams.</summary>
    Teams,
}
