using System.Net;
using System.Text;
using System.Text.Json;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Writes into a room in Slack by an incoming webhook.</summary>
internal sealed class SlackChannel(ChannelOptions options, NotificationOptions all, TimeProvider time) : IChannel
{
    // Slack's limit for the text of a section is 3,000 characters.
    private const int LongestText = 2_000;

    // What Slack answers when the address or the room is no more.
    private static readonly HttpStatusCode[] Final = [HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Gone];

    private readonly HttpDoor _door = new($"Slack ({options.Name})", time);

    public string Name => $"slack:{options.Name}";

    public ChannelKind Kind => ChannelKind.Slack;

    public string Place => options.Url!.Host;

    public bool Takes(string kind) => options.Takes(kind);

    public async Task SendAsync(Delivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, options.Url) { Content = new StringContent(Body(delivery.ReadNotice()), Encoding.UTF8, "application/json") };
        await _door.SendAsync(request, Final, cancellationToken);
    }

    private string Body(Notice notice) => JsonSerializer.Serialize(new
    {
        text = Escaped(notice.Title),
        blocks = new object[]
        {
            new { type = "section", text = new { type = "plain_text", emoji = false, text = ChatText.Cut(notice.Title, LongestText) } },
            new { type = "context", elements = new object[] { new { type = "plain_text", emoji = false, text = ChatText.Cut(notice.Text.Length > 0 ? notice.Text : notice.Kind, LongestText) } } },
            new { type = "actions", elements = new object[] { new { type = "button", text = new { type = "plain_text", text = "Open in JitAccess" }, url = all.LinkTo(notice.Path).AbsoluteUri } } },
        },
    });

    // In this one field Slack reads markup: mentions and links begin with “<”.
    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
