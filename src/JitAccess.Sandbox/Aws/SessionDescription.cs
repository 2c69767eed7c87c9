namespace JitAccess.Sandbox.Aws;

/// <summary>A session as DescribeSessions shows it.</summary>
public sealed record SessionDescription(
    string SessionId,
    string Target,
    SessionStatus Status,
    DateTimeOffset StartDate,
    DateTimeOffset? EndDate,
    string DocumentName,
    string Owner,
    string? Reason,
    string AccessType = "Standard");
