using System.Net;
using System.Text.Json;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Posts every event that happens, in the order in which it is routed, to a system that wants it.</summary>
internal sealed class WebhookChannel(WebhookOptions options, TimeProvider time) : IChannel
{
    // Standard Webhooks: 410 says that the receiver wants nothing more; after anything else it may want it later.
    private static readonly HttpStatusCode[] Final = [HttpStatusCode.Gone];

    private readonly HttpDoor _door = new($"The webhook at {options.Url?.Host}", time);
    private readonly byte[] _key = StandardWebhook.KeyOf(options.Secret) ?? [];

    public string Name => $"webhook:{options.Name}";

    public ChannelKind Kind => ChannelKind.Webhook;

    public string Place => options.Url!.Host;

    public bool Takes(string kind) => options.Takes(kind);

    public async Task SendAsync(Delivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Notice notice = delivery.ReadNotice();
        string body = JsonSerializer.Serialize(new { type = notice.Kind, timestamp = notice.At.UtcDateTime, data = notice.Data }, JsonSerializerOptions.Web);
        using HttpRequestMessage request = StandardWebhook.Post(options.Url!, $"msg_{delivery.MessageId:n}", body, _key, now);
        await _door.SendAsync(request, Final, cancellationToken);
    }
}
