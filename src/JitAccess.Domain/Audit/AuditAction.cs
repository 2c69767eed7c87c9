namespace JitAccess.Domain.Audit;

/// <summary>What an audit entry tells of. One entry per change, automatic decisions and refused attempts included.</summary>
public enum AuditAction
{
    /// <summary>A request was submitted and waits for people.</summary>
    RequestSubmitted,

    /// <summary>A request was submitted and approved at once by a policy.</summary>
    RequestApprovedAutomatically,

    /// <summary>A submit was refused; no request exists.</summary>
    RequestRefused,

    /// <summary>An approver approved; more approvals are needed.</summary>
    ReviewRecorded,

    /// <summary>The last approval came; the grant opened.</summary>
    RequestApproved,

    /// <summary>An approver rejected.</summary>
    RequestRejected,

    /// <summary>The requester took the request back.</summary>
    RequestCancelled,

    /// <summary>Nobody answered in time.</summary>
    RequestTimedOut,

    /// <summary>The requester broke glass: access opened at once, past the approvers.</summary>
    GlassBroken,

    /// <summary>Somebody else reviewed the breaking of glass.</summary>
    GlassReviewed,

    /// <summary>Somebody who may not, or came too late, tried to answer a request; nothing was recorded of it.</summary>
    ReviewRefused,

    /// <summary>Somebody who may not, or came too late, tried to take a request back.</summary>
    CancelRefused,

    /// <summary>The requester gave the grant back.</summary>
    GrantReturned,

    /// <summary>An approver of the request or an admin took the grant away.</summary>
    GrantRevoked,

    /// <summary>The grant's time was over.</summary>
    GrantExpired,

    /// <summary>Somebody who may not, or came too late, tried to take a grant away.</summary>
    RevokeRefused,

    /// <summary>Somebody tried to give back a grant that has ended already.</summary>
    ReturnRefused,

    /// <summary>The start of a scheduled grant came, and it opened.</summary>
    GrantActivated,

    /// <summary>The start of a scheduled grant came, and a policy or the person's standing stood against it by then.</summary>
    GrantRefused,

    /// <summary>A session was opened.</summary>
    SessionStarted,

    /// <summary>A session could not be opened.</summary>
    SessionFailed,

    /// <summary>A session ended.</summary>
    SessionEnded,

    /// <summary>Somebody began to watch a live session.</summary>
    SessionWatched,

    /// <summary>Somebody who may not tried to end a session.</summary>
    SessionEndRefused,

    /// <summary>The recording of a session was closed; the entry keeps its hash.</summary>
    RecordingStored,

    /// <summary>Somebody opened the recording of a session.</summary>
    RecordingPlayed,

    /// <summary>A recording was deleted at the end of the time for which it was to be kept.</summary>
    RecordingDeleted,

    /// <summary>Somebody signed in under an identity that cannot ask for or approve access, such as an IAM user.</summary>
    IdentityRefused,

    /// <summary>An approver named somebody who answers in their place for a while.</summary>
    DelegationMade,

    /// <summary>A delegation was ended before its time.</summary>
    DelegationEnded,

    /// <summary>Somebody tried to name or end a stand-in and was refused.</summary>
    DelegationRefused,

    /// <summary>A program got tokens to act for somebody who confirmed it.</summary>
    TokenIssued,

    /// <summary>Somebody refused that a program acts for them.</summary>
    TokenRefused,

    /// <summary>A program's tokens were ended by their person, or by the program itself.</summary>
    TokenRevoked,

    /// <summary>A refresh token came a second time, so somebody may have a copy; all tokens of that sign-in ended.</summary>
    TokenReused,

    /// <summary>A policy set was published.</summary>
    PolicySetPublished,

    /// <summary>The draft of the policy set was changed: by a form, an import or a roll back. Nothing is decided by it until it is published.</summary>
    PolicyDraftChanged,

    /// <summary>The draft of the policy set was thrown away; the entry keeps what it held.</summary>
    PolicyDraftDiscarded,

    /// <summary>Somebody took entries of the audit out as a file; the entry keeps which.</summary>
    AuditExported,

    /// <summary>Entries of long ago were taken out of the store; the entry keeps which, and their seals stay.</summary>
    AuditRetired,

    /// <summary>An admin had messages sent again that could not be delivered.</summary>
    DeliveryReplayed,

    /// <summary>An admin had a message sent that only tries a channel.</summary>
    ChannelTested,
}
