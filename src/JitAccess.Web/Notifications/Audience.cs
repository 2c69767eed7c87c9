namespace JitAccess.Web.Notifications;

/// <summary>Who is told.</summary>
[Flags]
public enum Audience
{
    None = 0,

    /// <summary>Who asked for the access.</summary>
    Requester = 1,

    /// <summary>The approvers of a level that has just opened.</summary>
    OpenLevel = 2,

    /// <summary>Everybody named as an approver at any level.</summary>
    Approvers = 4,

    /// <summary>Members of the admins' groups.</summary>
    Admins = 8,

    /// <summary>Who stands in for somebody, and that one.</summary>
    StandIn = 32,

    /// <summary>The configured Slack and Teams channels.</summary>
    Chat = 16,
}
