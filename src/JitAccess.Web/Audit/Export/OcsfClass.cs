namespace JitAccess.Web.Audit.Export;

/// <summary>The event classes of OCSF 1.3.0 that the audit uses, by their numbers there.</summary>
internal enum OcsfClass
{
    BaseEvent = 0,
    Authentication = 3002,
    EntityManagement = 3004,
    UserAccessManagement = 3005,
}
