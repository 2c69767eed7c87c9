using System.Net;
using System.Text;
using System.Text.Json;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Writes into a room in Microsoft Teams: an Adaptive Card to the address of a workflow “when a webhook request is received”.</summary>
internal sealed class TeamsChannel(ChannelOptions options, NotificationOptions all, TimeProvider time) : IChannel
{
    private const int LongestText = 2_000;

    private static readonly HttpStatusCode[] Final = [HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Gone];

    private readonly HttpDoor _door = new($"Teams ({options.Name})", time);

    public string Name => $"teams:{options.Name}";

    public ChannelKind Kind => ChannelKind.Teams;

    public string Place => options.Url!.Host;

    public bool Takes(string kind) => options.Takes(kind);

    public async Task SendAsync(Delivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, options.Url) { Content = new StringContent(Body(delivery.ReadNotice()), Encoding.UTF8, "application/json") };
        await _door.SendAsync(request, Final, cancellationToken);
    }

    private string Body(Notice notice) => JsonSerializer.Serialize(new
    {
        type = "message",
        attachments = new object[]
        {
            new
            {
                contentType = "application/vnd.microsoft.card.adaptive",
                content = new Dictionary<string, object>
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["body"] = new object[]
                    {
                        new { type = "TextBlock", wrap = true, weight = "Bolder", text = Shown(notice.Title) },
                        new { type = "TextBlock", wrap = true, text = Shown(notice.Text.Length > 0 ? notice.Text : notice.Kind) },
                    },
                    ["actions"] = new object[] { new { type = "Action.OpenUrl", title = "Open in JitAccess", url = all.LinkTo(notice.Path).AbsoluteUri } },
                },
            },
        },
    });

    // A TextBlock reads Markdown.
    private static string Shown(string text) => ChatText.Markdown(ChatText.Cut(text, LongestText));
}
