using System.Collections.Immutable;

namespace JitAccess.Web.Notifications;

/// <summary>What a person does not want by e-mail. Who has chosen nothing gets everything that concerns them.</summary>
public sealed class NotificationPreferences
{
    /// <summary>The person's subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The names of the topics that are turned off.</summary>
    public ImmutableSortedSet<string> Muted { get; set; } = [];

    /// <summary>Moves with every change, so that what was changed meanwhile is not written over.</summary>
    public int Version { get; set; }
}
