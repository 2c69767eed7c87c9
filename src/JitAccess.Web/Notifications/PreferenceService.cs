using System.Collections.Immutable;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Notifications;

/// <summary>Keeps what people want to be told, each their own.</summary>
public sealed class PreferenceService(IDbContextFactory<JitAccessDbContext> contexts)
{
    /// <summary>Keeps which topics the actor has turned off; <paramref name="version"/> is the one that the actor has seen.</summary>
    /// <exception cref="RefusedException">They were changed meanwhile, in another window.</exception>
    public async Task SaveAsync(Actor actor, IReadOnlySet<NoticeTopic> muted, int version, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        NotificationPreferences? mine = await database.NotificationPreferences.SingleOrDefaultAsync(preferences => preferences.Subject == actor.Subject, cancellationToken);
        if ((mine?.Version ?? 0) != version) throw ChangedMeanwhile();
        if (mine is null) database.NotificationPreferences.Add(mine = new NotificationPreferences { Subject = actor.Subject });
        mine.Muted = muted.Select(topic => topic.ToString()).ToImmutableSortedSet(StringComparer.Ordinal);
        mine.Version++;
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsCollision())
        {
            throw ChangedMeanwhile();
        }
    }

    private static RefusedException ChangedMeanwhile() => new(RefusalKind.Conflict, "Your settings were changed meanwhile, in another window. What is shown now is what holds; choose again.");
}
