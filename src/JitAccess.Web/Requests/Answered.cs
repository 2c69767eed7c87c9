namespace JitAccess.Web.Requests;

/// <summary>What one act on several requests led to, for one of them.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Failure">Why nothing was recorded; null when it was.</param>
public sealed record Answered(Guid RequestId, Exception? Failure);
