using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Notifications.Channels;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Notifications;

/// <summary>What a person wants to be told by e-mail.</summary>
/// <param name="Muted">The topics that are turned off.</param>
/// <param name="Version">What a save names, so that it writes over nothing that was changed meanwhile; 0 for nothing chosen yet.</param>
/// <param name="IsEmailConfigured">False where JitAccess sends no e-mail at all.</param>
public sealed record PreferenceView(ImmutableHashSet<NoticeTopic> Muted, int Version, bool IsEmailConfigured);

/// <summary>Reads what people want to be told, each their own.</summary>
public sealed class PreferenceQueries(IDbContextFactory<JitAccessDbContext> contexts, IEnumerable<IChannel> channels)
{
    private readonly bool _isEmailConfigured = channels.Any(channel => channel.Kind == ChannelKind.Email);

    /// <summary>The actor's own preferences.</summary>
    public async Task<PreferenceView> MineAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        NotificationPreferences? mine = await database.NotificationPreferences.AsNoTracking().SingleOrDefaultAsync(preferences => preferences.Subject == actor.Subject, cancellationToken);
        // A topic that this version does not know any more is none.
        return new PreferenceView([.. (mine?.Muted ?? []).Select(name => Enum.TryParse(name, out NoticeTopic topic) ? topic : (NoticeTopic?)null).OfType<NoticeTopic>()], mine?.Version ?? 0, _isEmailConfigured);
    }
}
