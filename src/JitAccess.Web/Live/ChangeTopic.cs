namespace JitAccess.Web.Live;

/// <summary>What changes are about. Flags, so that a page names all it shows.</summary>
[Flags]
public enum ChangeTopic
{
    None = 0,
    Requests = 1,
    Grants = 2,
    Sessions = 4,
    Nodes = 8,
    Policies = 16,
    Audit = 32,
    Delegations = 64,
    Notifications = 128,
}
