namespace JitAccess.Domain;

/// <summary>A rule forbids what was asked. The message is written for the person who asked: what happened, why, what to do next.</summary>
public sealed class RefusedException : Exception
{
    /// <summary>Creates a refusal.</summary>
    public RefusedException(RefusalKind kind, string message, Exception? cause = null)
        : base(message, cause) => Kind = kind;

    /// <summary>What kind of rule stands against the act.</summary>
    public RefusalKind Kind { get; }

    /// <summary>The request that stands in the way and that the person may want to see instead; null if none.</summary>
    public Guid? RelatedRequestId { get; init; }

    /// <summary>The refusal of everything that does not exist or is not this person's: the two must not be told apart.</summary>
    public static RefusedException NotFound(string what) => new(RefusalKind.NotFound, $"This {what} does not exist.");
}
