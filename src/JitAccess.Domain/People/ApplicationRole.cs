namespace JitAccess.Domain.People;

/// <summary>What somebody may do in JitAccess beyond asking for access. Who may approve follows from the policies.</summary>
public enum ApplicationRole
{
    /// <summary>Writes policies and settings, ends sessions.</summary>
    Admin,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,
}
