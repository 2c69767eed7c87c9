namespace JitAccess.Web.Audit;

/// <summary>What <c>audit verify</c> ends with, so that scripts can tell. docs/audit.md lists them.</summary>
internal enum AuditOutcome
{
    Intact = 0,

    /// <summary>Something was changed, removed, inserted or moved.</summary>
    Broken = 1,

    /// <summary>The command was not understood, or the database could not be read.</summary>
    Unknown = 2,
}
