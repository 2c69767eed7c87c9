using System.Text.RegularExpressions;
using JitAccess.Web.Notifications.Channels;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Notifications;

/// <summary>Lists every problem of the section <c>Notifications</c> at once, each naming its key and never a secret.</summary>
internal sealed partial class NotificationOptionsValidation : IValidateOptions<NotificationOptions>
{
    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        List<string> problems = [.. Base(options), .. Email(options.Email), .. Several("Webhooks", options.Webhooks), .. Secrets(options.Webhooks), .. Several("Slack", options.Slack), .. Several("Teams", options.Teams)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Base(NotificationOptions options)
    {
        bool isNeeded = options.Email.Host is not null || options.Webhooks.Count + options.Slack.Count + options.Teams.Count > 0;
        if (options.BaseAddress is null && isNeeded) yield return "Notifications:BaseAddress is missing: the address at which people open JitAccess, for links in messages.";
        else if (options.BaseAddress is not null && !StandardWebhook.IsSafe(options.BaseAddress)) yield return "Notifications:BaseAddress is not an https address (http only on the loopback interface).";
    }

    private static IEnumerable<string> Email(EmailOptions email)
    {
        if (email.Host is not { } host) yield break;
        if (string.IsNullOrWhiteSpace(host)) yield return "Notifications:Email:Host is empty.";
        if (email.Port is < 1 or > 65_535) yield return "Notifications:Email:Port is not between 1 and 65535.";
        if (EmailChannel.AddressOf(email.From) is null) yield return "Notifications:Email:From is not an e-mail address.";
        if (email.Timeout < TimeSpan.FromSeconds(1) || email.Timeout > TimeSpan.FromMinutes(1)) yield return "Notifications:Email:Timeout is not between 00:00:01 and 00:01:00.";
        if (email.UserName is not null && string.IsNullOrEmpty(email.Password)) yield return "Notifications:Email:Password is missing: UserName is set.";
        if (email.Security == EmailSecurity.None && !EmailChannel.IsLoopback(host)) yield return "Notifications:Email:Security is None, which is only for a server on the loopback interface: messages and the password would be readable on the way.";
    }

    private static IEnumerable<string> Several(string section, IEnumerable<ChannelOptions> channels)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((int index, ChannelOptions channel) in channels.Index())
        {
            string key = $"Notifications:{section}:{index}";
            if (!Name().IsMatch(channel.Name)) yield return $"{key}:Name is not 1 to 40 lower-case letters, digits and hyphens.";
            else if (!names.Add(channel.Name)) yield return $"{key}:Name is “{channel.Name}”, as that of another before it.";
            // The address is not repeated: it may be the secret itself.
            if (!StandardWebhook.IsSafe(channel.Url)) yield return $"{key}:Url is not an https address (http only on the loopback interface).";
            foreach (string kind in channel.Kinds.Where(kind => !Notices.Actions.Keys.Any(known => new ChannelOptions { Kinds = [kind] }.Takes(known))))
                yield return $"{key}:Kinds holds “{kind}”, and there is no such event.";
        }
    }

    private static IEnumerable<string> Secrets(IEnumerable<WebhookOptions> webhooks) =>
        from pair in webhooks.Index()
        where StandardWebhook.KeyOf(pair.Item.Secret) is null
        select $"Notifications:Webhooks:{pair.Index}:Secret is not whsec_ and 24 to 64 bytes in base64: the receiver knows by it that a message comes from here.";

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex Name();
}
