using System.Globalization;
using JitAccess.Domain.Audit;
using JitAccess.Web.Notifications.Channels;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Posts anchors to an address, signed as Standard Webhooks 1.0 demands.</summary>
/// <param name="http">A client that follows no redirect: what is signed for one address goes to no other.</param>
/// <param name="address">Where to.</param>
/// <param name="key">The key of the signature.</param>
internal sealed class WebhookAnchor(HttpClient http, Uri address, byte[] key) : IAnchorStore
{
    public string Name => "webhook";

    public async Task KeepAsync(AuditAnchor anchor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The same anchor has the same id, so that the receiver knows it when it comes twice.
        string id = string.Create(CultureInfo.InvariantCulture, $"anchor_{anchor.Block}_{anchor.Hash.ToString()[..16]}");
        string body = $$"""{"type":"audit.anchored","timestamp":"{{AuditText.Instant(now)}}","data":{{AnchorDocument.Write(anchor)}}}""";
        using HttpRequestMessage request = StandardWebhook.Post(address, id, body, key, now);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new AnchorException($"The webhook at {address.Host} answered {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AnchorException($"The webhook at {address.Host} did not answer ({exception.GetBaseException().Message}).", exception);
        }
    }
}
