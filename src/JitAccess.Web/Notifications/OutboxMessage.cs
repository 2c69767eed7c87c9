using System.Text.Json;

namespace JitAccess.Web.Notifications;

/// <summary>Something that people or systems outside are to be told; written in the transaction of the change, sent afterwards.</summary>
public sealed class OutboxMessage
{
    private OutboxMessage() { }

    /// <param name="kind">The event, for example <c>request.approved</c>.</param>
    /// <param name="content">What is told; ids and words, no secrets.</param>
    /// <param name="at">When it happened.</param>
    public OutboxMessage(string kind, object content, DateTimeOffset at)
    {
        Id = Guid.CreateVersion7(at);
        Kind = kind;
        Content = JsonSerializer.Serialize(content, JsonSerializerOptions.Web);
        CreatedAt = at;
    }

    public Guid Id { get; private set; }

    public string Kind { get; private set; } = "";

    /// <summary>JSON.</summary>
    public string Content { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When a delivery was written for everybody who is to be told; null until then.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Everybody who is to be told has a delivery.</summary>
    public void MarkRouted(DateTimeOffset now) => SentAt = now;
}
