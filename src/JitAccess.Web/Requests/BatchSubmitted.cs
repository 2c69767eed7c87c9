using JitAccess.Domain.Nodes;

namespace JitAccess.Web.Requests;

/// <summary>What asking for several nodes led to, for one of them.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="RequestId">The request to look at: the new one, or the one that was there; null if there is none.</param>
/// <param name="IsInBatch">True when the request belongs to this batch, be it from this submit or an earlier try of it.</param>
/// <param name="Failure">Why the node is not in the batch; null when it is, or when access is there already.</param>
public sealed record BatchSubmitted(InstanceId NodeId, Guid? RequestId, bool IsInBatch, Exception? Failure);
