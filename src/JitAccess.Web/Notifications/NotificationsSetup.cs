using JitAccess.Web.Data;
using JitAccess.Web.Notifications.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Notifications;

/// <summary>Telling everybody: routing what happened, sending it, and what people and admins may do about it.</summary>
public static class NotificationsSetup
{
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<NotificationOptions>().BindConfiguration(NotificationOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsValidation>();
        builder.Services.AddSingleton<ChannelQueries>();
        builder.Services.AddSingleton<ChannelService>();
        builder.Services.AddSingleton<PreferenceQueries>();
        builder.Services.AddSingleton<PreferenceService>();
        builder.Services.AddHostedService<OutboxRouting>();
        builder.Services.AddHostedService<OutboxCleaning>();
        builder.AddChannels();
    }

    /// <summary>Only the channels that are configured exist; what is wrong about them is told by the validation at start.</summary>
    private static void AddChannels(this IHostApplicationBuilder builder)
    {
        NotificationOptions wanted = builder.Configuration.GetSection(NotificationOptions.Section).Get<NotificationOptions>() ?? new NotificationOptions();
        if (wanted.Email.Host is not null) builder.Add(_ => new EmailChannel(wanted.Email, wanted));
        foreach (WebhookOptions webhook in wanted.Webhooks.Where(channel => channel.Url is not null)) builder.Add(time => new WebhookChannel(webhook, time));
        foreach (ChannelOptions room in wanted.Slack.Where(channel => channel.Url is not null)) builder.Add(time => new SlackChannel(room, wanted, time));
        foreach (ChannelOptions room in wanted.Teams.Where(channel => channel.Url is not null)) builder.Add(time => new TeamsChannel(room, wanted, time));
    }

    private static void Add(this IHostApplicationBuilder builder, Func<TimeProvider, IChannel> make)
    {
        Lazy<IChannel>? made = null;
        IChannel Channel(IServiceProvider services) => LazyInitializer.EnsureInitialized(ref made, () => new(() => make(services.GetRequiredService<TimeProvider>()))).Value;
        builder.Services.AddSingleton(Channel);
        // One for each channel, which AddHostedService would not allow.
        builder.Services.AddSingleton<IHostedService>(services => new OutboxDelivery(
            Channel(services), services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<OutboxDelivery>>()));
    }
}
