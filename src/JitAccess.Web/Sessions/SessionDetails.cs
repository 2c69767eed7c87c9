using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Grants;

namespace JitAccess.Web.Sessions;

/// <summary>A session with what its page shows around the terminal.</summary>
public sealed record SessionDetails(Session Session, Grant Grant, string NodeName, AccountId Account, string Region, long RequestNumber, Guid RequestId, Ruling CanExtend, PendingExtension? PendingExtension)
{
    /// <summary>Whether the access was opened past the approvers.</summary>
    public bool BrokeGlass { get; init; }
}
