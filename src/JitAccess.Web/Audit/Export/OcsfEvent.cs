using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Export;

/// <summary>What an action is in the Open Cybersecurity Schema Framework.</summary>
/// <param name="Class">The event class.</param>
/// <param name="Activity">The activity, as the class numbers it.</param>
/// <param name="ActivityName">Its name there.</param>
/// <param name="Succeeded">False for an attempt that was refused or failed.</param>
/// <param name="EntityType">What kind of thing was managed; only for <see cref="OcsfClass.EntityManagement"/>.</param>
internal sealed record OcsfEvent(OcsfClass Class, int Activity, string ActivityName, bool Succeeded = true, string? EntityType = null)
{
    private const string Request = "Access Request";
    private const string Token = "Access Token";

    /// <summary>The event that an action is. The compiler refuses an action that is none.</summary>
    public static OcsfEvent Of(AuditAction action) => action switch
    {
        AuditAction.RequestSubmitted => Created(Request),
        AuditAction.RequestApprovedAutomatically => Assigned(),
        AuditAction.RequestRefused => Created(Request) with { Succeeded = false },
        AuditAction.ReviewRecorded => Updated(Request),
        AuditAction.ReviewRefused => Updated(Request) with { Succeeded = false },
        AuditAction.RequestApproved => Assigned(),
        AuditAction.GlassBroken => Assigned(),
        AuditAction.GlassReviewed => Updated(Request),
        AuditAction.RequestRejected => Updated(Request),
        AuditAction.RequestCancelled => Updated(Request),
        AuditAction.CancelRefused => Updated(Request) with { Succeeded = false },
        AuditAction.RequestTimedOut => Updated(Request),
        AuditAction.GrantActivated => Assigned(),
        AuditAction.GrantRefused => Assigned() with { Succeeded = false },
        AuditAction.GrantReturned => Revoked(),
        AuditAction.ReturnRefused => Revoked() with { Succeeded = false },
        AuditAction.GrantRevoked => Revoked(),
        AuditAction.RevokeRefused => Revoked() with { Succeeded = false },
        AuditAction.GrantExpired => Revoked(),
        AuditAction.SessionStarted => LoggedOn(),
        AuditAction.SessionFailed => LoggedOn() with { Succeeded = false },
        AuditAction.SessionEnded => new(OcsfClass.Authentication, 2, "Logoff"),
        AuditAction.SessionWatched => new(OcsfClass.EntityManagement, 2, "Read", EntityType: "Session"),
        AuditAction.SessionEndRefused => new(OcsfClass.Authentication, 2, "Logoff", Succeeded: false),
        AuditAction.RecordingStored => Created("Recording"),
        AuditAction.RecordingPlayed => new(OcsfClass.EntityManagement, 2, "Read", EntityType: "Recording"),
        AuditAction.RecordingDeleted => new(OcsfClass.EntityManagement, 4, "Delete", EntityType: "Recording"),
        AuditAction.IdentityRefused => LoggedOn() with { Succeeded = false },
        AuditAction.DelegationMade => Created("Delegation"),
        AuditAction.DelegationEnded => new(OcsfClass.EntityManagement, 4, "Delete", EntityType: "Delegation"),
        AuditAction.DelegationRefused => Updated("Delegation") with { Succeeded = false },
        AuditAction.TokenIssued => Created(Token),
        AuditAction.TokenRefused => Created(Token) with { Succeeded = false },
        AuditAction.TokenRevoked => new(OcsfClass.EntityManagement, 4, "Delete", EntityType: Token),
        AuditAction.TokenReused => Updated(Token) with { Succeeded = false },
        AuditAction.PolicySetPublished => Updated("Policy Set"),
        AuditAction.PolicyDraftChanged => Updated("Policy Draft"),
        AuditAction.PolicyDraftDiscarded => new(OcsfClass.EntityManagement, 4, "Delete", EntityType: "Policy Draft"),
        AuditAction.AuditRetired => new(OcsfClass.EntityManagement, 4, "Delete", EntityType: "Audit"),
        AuditAction.AuditExported => new(OcsfClass.EntityManagement, 2, "Read", EntityType: "Audit"),
        AuditAction.DeliveryReplayed => Updated("Notification"),
        AuditAction.ChannelTested => Created("Notification"),
    };

    /// <summary>The event that an action is by its name, also one that this version does not know.</summary>
    public static OcsfEvent Of(string action) =>
        Enum.TryParse(action, out AuditAction known) && known.ToString() == action ? Of(known) : new(OcsfClass.BaseEvent, 99, "Other");

    private static OcsfEvent Created(string type) => new(OcsfClass.EntityManagement, 1, "Create", EntityType: type);

    private static OcsfEvent Updated(string type) => new(OcsfClass.EntityManagement, 3, "Update", EntityType: type);

    private static OcsfEvent Assigned() => new(OcsfClass.UserAccessManagement, 1, "Assign Privileges");

    private static OcsfEvent Revoked() => new(OcsfClass.UserAccessManagement, 2, "Revoke Privileges");

    private static OcsfEvent LoggedOn() => new(OcsfClass.Authentication, 1, "Logon");
}
