using System.Text.RegularExpressions;
using JitAccess.Domain.Audit;
using JitAccess.Web.Notifications;

namespace JitAccess.Web.Tests.Notifications;

public sealed partial class NoticesTests
{
    public static TheoryData<AuditAction> Actions => [.. Enum.GetValues<AuditAction>()];

    [Theory]
    [MemberData(nameof(Actions))]
    public void EveryAction_HasAKindAndIsDecidedAbout(AuditAction action)
    {
        string kind = Assert.Single(Notices.Actions, pair => pair.Value == action).Key;
        Assert.Matches(KindForm(), kind);
        foreach (NoticeLine line in Notices.Of(action))
        {
            Assert.NotEqual(Audience.None, line.To);
            Assert.NotEmpty(line.Title(new NoticeFacts(null, "policy set version 2", "Ann")));
        }
        Assert.True(Notices.Of(action).Count(line => line.To.HasFlag(Audience.Chat)) <= 1);
    }

    [Theory]
    [InlineData(AuditAction.RequestApproved)]
    [InlineData(AuditAction.RequestApprovedAutomatically)]
    [InlineData(AuditAction.RequestRejected)]
    [InlineData(AuditAction.RequestCancelled)]
    [InlineData(AuditAction.RequestTimedOut)]
    public void Outcome_IsForRequesterAndApprovers(AuditAction action)
    {
        Assert.Contains(Notices.Of(action), line => line.To.HasFlag(Audience.Requester));
        Assert.Contains(Notices.Of(action), line => line.To.HasFlag(Audience.Approvers));
    }

    [Theory]
    [InlineData(AuditAction.RequestApprovedAutomatically, "request.approved_automatically")]
    [InlineData(AuditAction.PolicySetPublished, "policy_set.published")]
    [InlineData(AuditAction.DeliveryReplayed, "delivery.replayed")]
    [InlineData(AuditAction.ChannelTested, "channel.tested")]
    public void Kind_NamesTheThingThenWhatHappened(AuditAction action, string kind) => Assert.Equal(action, Notices.Actions[kind]);

    [GeneratedRegex("^[a-z_]+\\.[a-z_]+$")]
    private static partial Regex KindForm();
}
