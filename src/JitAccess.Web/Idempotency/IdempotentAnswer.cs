using JitAccess.Domain.Audit;

namespace JitAccess.Web.Idempotency;

/// <summary>The answer to a call that its caller may repeat under the same key; without a status while the call is under way.</summary>
public sealed class IdempotentAnswer
{
    /// <summary>For how long the same key gets the same answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The subject of who called.</summary>
    public required string Subject { get; init; }

    /// <summary>What they called it by.</summary>
    public required string Key { get; init; }

    /// <summary>The hash of what was called with which body.</summary>
    public required Digest Fingerprint { get; init; }

    /// <summary>When the call that answers began.</summary>
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>The status of HTTP; null while the call is under way.</summary>
    public int? Status { get; init; }

    public string? ContentType { get; init; }

    public string? Location { get; init; }

    public string? ETag { get; init; }

    public string Body { get; init; } = "";
}
