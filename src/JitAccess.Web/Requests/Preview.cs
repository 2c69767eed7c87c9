using JitAccess.Domain;
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
public sealed record Preview(Node Node, Decision Decision, Ruling CanSubmit, Guid? ActiveGrantId, Guid? ActiveRequestId, Guid? PendingRequestId);

/// <summary>What a submit led to.</summary>
/// <param name="RequestId">The request to look at.</param>
/// <param name="AlreadyGranted">True when a grant was active and no new request was made.</param>
public sealed record Submitted(Guid RequestId, bool AlreadyGranted);
