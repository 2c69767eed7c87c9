namespace JitAccess.Domain.Audit;

/// <summary>In which way the audit is not what was sealed.</summary>
public enum AuditProblemKind
{
    /// <summary>An entry is not what was sealed at its place.</summary>
    EntryChanged,

    /// <summary>An entry that was written is not there any more.</summary>
    EntryRemoved,

    /// <summary>An entry is there that was not written as entries are.</summary>
    EntryInserted,

    /// <summary>An entry stands at another place than the one it was sealed at.</summary>
    EntryMoved,

    /// <summary>A block is not what was closed.</summary>
    BlockChanged,

    /// <summary>A block is not there any more.</summary>
    BlockMissing,
}
