using JitAccess.Web.Notifications;

namespace JitAccess.Web.Components.Notifications;

/// <summary>Topics of notices as people choose them.</summary>
public static class TopicWords
{
    /// <summary>The topics that somebody may be told about; policies concern admins only.</summary>
    public static IEnumerable<NoticeTopic> For(bool isAdmin) => Enum.GetValues<NoticeTopic>().Where(topic => isAdmin || topic != NoticeTopic.Policies);

    public static string Title(NoticeTopic topic) => topic switch
    {
        NoticeTopic.WaitsForMe => "A request waits for my review",
        NoticeTopic.MyRequests => "My request has an outcome",
        NoticeTopic.MyAccess => "My access opens or ends",
        NoticeTopic.Reviewed => "A request that I may review has an outcome",
        NoticeTopic.Policies => "Policies were published",
    };

    public static string Explained(NoticeTopic topic) => topic switch
    {
        NoticeTopic.WaitsForMe => "As soon as the level opens at which you are an approver.",
        NoticeTopic.MyRequests => "Approved, by people or automatically, rejected, cancelled by somebody else, or timed out.",
        NoticeTopic.MyAccess => "A scheduled start has come, the time is over, or somebody has revoked it.",
        NoticeTopic.Reviewed => "Somebody else has decided, it timed out, or the access was returned or revoked.",
        NoticeTopic.Policies => "By another admin.",
    };
}
