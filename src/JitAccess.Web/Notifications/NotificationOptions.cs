namespace JitAccess.Web.Notifications;

/// <summary>The section <c>Notifications</c> of the configuration: by which ways people and systems are told. Nothing is set unless wanted.</summary>
public sealed class NotificationOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Notifications";

    /// <summary>Where people open the application: links in messages begin with it.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>E-mail to each person.</summary>
    public EmailOptions Email { get; set; } = new();

    /// <summary>Systems that are sent every event.</summary>
    public List<WebhookOptions> Webhooks { get; set; } = [];

    /// <summary>Rooms in Slack.</summary>
    public List<ChannelOptions> Slack { get; set; } = [];

    /// <summary>Rooms in Microsoft Teams.</summary>
    public List<ChannelOptions> Teams { get; set; } = [];

    /// <summary>The address of a page.</summary>
    public Uri LinkTo(string path) => new(new Uri(BaseAddress!.AbsoluteUri.TrimEnd('/') + "/"), path);
}

/// <summary>The section <c>Notifications:Email</c>.</summary>
public sealed class EmailOptions
{
    /// <summary>The mail server; null for no e-mail.</summary>
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>How the connection is kept from being read.</summary>
    public EmailSecurity Security { get; set; } = EmailSecurity.StartTls;

    /// <summary>Whom to sign in as; null to send without signing in.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>The sender: <c>JitAccess &lt;jitaccess@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>How long the server may take for each answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>How the connection to a mail server is kept from being read.</summary>
public enum EmailSecurity
{
    /// <summary>Begins in the clear and turns to TLS; a server that cannot is refused.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>In the clear: only on loopback.</summary>
    None,
}

/// <summary>What channels that are an address have in common: a name, and which kinds of events they are sent.</summary>
public class ChannelOptions
{
    /// <summary>What admins call it: lower-case letters, digits, hyphens.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where to; for Slack and Teams itself a secret.</summary>
    public Uri? Url { get; set; }

    /// <summary>The kinds of events that it is sent, <c>request.approved</c> or <c>request.*</c>; empty for all.</summary>
    public List<string> Kinds { get; set; } = [];

    /// <summary>Whether it is sent events of this kind. A test message always is.</summary>
    public bool Takes(string kind) => Kinds.Count == 0 || Kinds.Any(one => one == kind || (one.EndsWith(".*", StringComparison.Ordinal) && kind.StartsWith(one[..^1], StringComparison.Ordinal)));
}

/// <summary>One of <c>Notifications:Webhooks</c>.</summary>
public sealed class WebhookOptions : ChannelOptions
{
    /// <summary>The secret of its signatures: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public string? Secret { get; set; }
}
