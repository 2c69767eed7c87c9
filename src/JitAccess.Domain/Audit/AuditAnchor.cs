namespace JitAccess.Domain.Audit;

/// <summary>A block's hash as it was kept where the owner of the store cannot write: what a chain that was written anew does not fit.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="SealedAt">When it was closed.</param>
public sealed record AuditAnchor(long Block, Digest Hash, DateTimeOffset SealedAt)
{
    /// <summary>The anchor of a block.</summary>
    public static AuditAnchor Of(AuditBlock block) => new(block.Number, block.Hash, block.SealedAt);
}
