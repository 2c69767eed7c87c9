using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Requests;

/// <summary>What a submit would answer now.</summary>
/// <param name="Node">The node.</param>
/// <param name="Decision">The decision with every policy's answer.</param>
/// <param name="CanSubmit">Whether it can be submitted as it stands, and if not, why.</param>
/// <param name="ActiveGrantId">The grant that is active already; null if none.</param>
/// <param name="ActiveRequestId">The request of that grant; null if none.</param>
/// <param name="PendingRequestId">The request that is pending already; null if none.</param>
/// <param name="ScheduledRequestId">Where a start was asked for: the request of the grant that waits for its own; null if none.</param>
public sealed record Preview(Node Node, Decision Decision, Ruling CanSubmit, Guid? ActiveGrantId, Guid? ActiveRequestId, Guid? PendingRequestId, Guid? ScheduledRequestId);

/// <summary>What asking for more time on a grant would answer now.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Decision">The decision of the policies of now.</param>
/// <param name="CanExtend">Whether it can be asked for as it stands, and if not, why.</param>
/// <param name="Most">The most that can be added now; zero if nothing.</param>
/// <param name="PendingRequestId">The request for this node that is pending already; null if none.</param>
public sealed record ExtensionPreview(Grant Grant, Decision Decision, Ruling CanExtend, TimeSpan Most, Guid? PendingRequestId);

/// <summary>What asking for more time led to.</summary>
/// <param name="RequestId">The request for more time.</param>
/// <param name="IsApproved">True when the grant's end has moved already; false when people are asked.</param>
/// <param name="Duration">How much time was added, or is asked for.</param>
public sealed record Extended(Guid RequestId, bool IsApproved, TimeSpan Duration);

/// <summary>What a submit led to.</summary>
/// <param name="RequestId">The request to look at.</param>
/// <param name="AlreadyGranted">True when a grant was active and no new request was made.</param>
public sealed record Submitted(Guid RequestId, bool AlreadyGranted);
