namespace JitAccess.Web.Notifications;

/// <summary>How a channel is doing.</summary>
public sealed class ChannelState
{
    /// <summary>The channel.</summary>
    public required string Name { get; init; }

    /// <summary>When something went out last; null if nothing has.</summary>
    public DateTimeOffset? DeliveredAt { get; private set; }

    /// <summary>When a try failed last; null if none has.</summary>
    public DateTimeOffset? FailedAt { get; private set; }

    /// <summary>Why it failed last; null if it never has.</summary>
    public string? Error { get; private set; }

    /// <summary>Since when every try fails; null if the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Something went out.</summary>
    public void Succeed(DateTimeOffset now) => (DeliveredAt, FailingSince) = (now, null);

    /// <summary>Something did not; what failed because of its recipient says nothing about the channel.</summary>
    public void Fail(string error, bool isOfTheRecipient, DateTimeOffset now) => (FailedAt, Error, FailingSince) = (now, error, isOfTheRecipient ? FailingSince : FailingSince ?? now);
}
