using System.Collections.Frozen;
using JitAccess.Domain.Audit;
using JitAccess.Web.Data;

namespace JitAccess.Web.Notifications;

/// <summary>Who is told of what. Requester and approvers are told of every outcome, automatic ones too; nobody of their own deed.</summary>
internal static class Notices
{
    private static readonly NoticeLine[] Nobody = [];

    /// <summary>The actions by the kind of their outbox message.</summary>
    public static FrozenDictionary<string, AuditAction> Actions { get; } = Enum.GetValues<AuditAction>().ToFrozenDictionary(ChangeRecord.KindOf);

    /// <summary>The lines of an action, none for what nobody is told of. The compiler refuses an action that is not decided about.</summary>
    public static IReadOnlyList<NoticeLine> Of(AuditAction action) => action switch
    {
        AuditAction.RequestSubmitted => [new(Audience.OpenLevel | Audience.Chat, NoticeTopic.WaitsForMe, Asks)],
        AuditAction.ReviewRecorded => [new(Audience.OpenLevel, NoticeTopic.WaitsForMe, Asks)],
        AuditAction.RequestApprovedAutomatically => Outcome(_ => "was approved automatically", alsoToTheActor: true),
        AuditAction.RequestApproved => Outcome(facts => $"was approved by {facts.ActorName}"),
        // Whoever was passed over is told, whatever else they do not want to know.
        AuditAction.GlassBroken => [new(Audience.Approvers | Audience.Admins | Audience.Chat, null, facts => $"{facts.Requester} broke glass: {facts.Node} is open without approval")],
        AuditAction.GlassReviewed =>
        [
            new(Audience.Requester, NoticeTopic.MyRequests, facts => $"Your breaking of glass on {facts.Node} was reviewed by {facts.ActorName}"),
            new(Audience.Approvers | Audience.Chat, NoticeTopic.Reviewed, facts => $"{facts.ActorName} reviewed that {facts.Requester} broke glass on {facts.Node}"),
        ],
        AuditAction.RequestRejected => Outcome(facts => $"was rejected by {facts.ActorName}"),
        AuditAction.RequestCancelled => Outcome(facts => $"was cancelled by {facts.ActorName}"),
        AuditAction.RequestTimedOut => Outcome(_ => "timed out: nobody decided in time"),
        AuditAction.GrantActivated => [new(Audience.Requester, NoticeTopic.MyAccess, facts => $"Your access to {facts.Node} is open")],
        AuditAction.GrantRefused =>
        [
            new(Audience.Requester, NoticeTopic.MyAccess, facts => $"Your access to {facts.Node} did not open"),
            new(Audience.Approvers | Audience.Chat, NoticeTopic.Reviewed, facts => $"The access of {facts.Requester} to {facts.Node} did not open"),
        ],
        AuditAction.GrantRevoked =>
        [
            new(Audience.Requester, NoticeTopic.MyAccess, facts => $"Your access to {facts.Node} was revoked by {facts.ActorName}"),
            new(Audience.Approvers | Audience.Chat, NoticeTopic.Reviewed, facts => $"The access of {facts.Requester} to {facts.Node} was revoked by {facts.ActorName}"),
        ],
        AuditAction.GrantReturned => [new(Audience.Approvers | Audience.Chat, NoticeTopic.Reviewed, facts => $"{facts.Requester} returned the access to {facts.Node}")],
        AuditAction.GrantExpired => [new(Audience.Requester, NoticeTopic.MyAccess, facts => $"Your access to {facts.Node} has ended: its time is over")],
        AuditAction.PolicySetPublished => [new(Audience.Admins | Audience.Chat, NoticeTopic.Policies, facts => $"{facts.ActorName} published {facts.Subject}") { Path = "policies" }],
        AuditAction.DelegationMade => [new(Audience.StandIn, null, facts => $"You answer requests in place of {facts.Delegation?.DelegatorName}") { Path = "delegations" }],
        AuditAction.DelegationEnded => [new(Audience.StandIn, null, facts => $"{facts.Delegation?.StandInName} answers no longer in place of {facts.Delegation?.DelegatorName}") { Path = "delegations" }],
        AuditAction.TokenReused => [new(Audience.Admins | Audience.Chat, null, _ => "A token of JitAccess was used twice: somebody may have a copy") { Path = "audit" }],
        AuditAction.AuditRetired => [new(Audience.Admins | Audience.Chat, null, _ => "Old entries were taken out of the audit") { Path = "audit" }],
        // Told to the person at once on the screen, or a step that has no outcome yet.
        AuditAction.RequestRefused or AuditAction.ReviewRefused or AuditAction.CancelRefused or AuditAction.RevokeRefused or AuditAction.ReturnRefused or AuditAction.DelegationRefused => Nobody,
        AuditAction.SessionStarted or AuditAction.SessionFailed or AuditAction.SessionEnded or AuditAction.SessionWatched or AuditAction.SessionEndRefused => Nobody,
        AuditAction.RecordingStored or AuditAction.RecordingPlayed or AuditAction.RecordingDeleted => Nobody,
        AuditAction.TokenIssued or AuditAction.TokenRefused or AuditAction.TokenRevoked => Nobody,
        AuditAction.IdentityRefused or AuditAction.PolicyDraftChanged or AuditAction.PolicyDraftDiscarded or AuditAction.AuditExported => Nobody,
        AuditAction.DeliveryReplayed or AuditAction.ChannelTested => Nobody,
    };

    private static NoticeLine[] Outcome(Func<NoticeFacts, string> what, bool alsoToTheActor = false) =>
    [
        new(Audience.Requester, NoticeTopic.MyRequests, facts => $"Your request for {facts.Asked} {what(facts)}") { AlsoToTheActor = alsoToTheActor },
        new(Audience.Approvers | Audience.Chat, NoticeTopic.Reviewed, facts => $"{facts.TheRequest} {what(facts)}"),
    ];

    private static string Asks(NoticeFacts facts) => $"{facts.Requester} asks for {facts.Asked}";
}
