namespace JitAccess.Domain;

/// <summary>The answer to a question such as <c>CanReview</c>: allowed, or refused with the reason in words. Buttons and rules ask the same question.</summary>
public readonly record struct Ruling
{
    private Ruling(RefusalKind kind, string? message) => (Kind, Message) = (kind, message);

    /// <summary>The act is allowed.</summary>
    public static Ruling Allowed => default;

    /// <summary>True if the act is allowed.</summary>
    public bool IsAllowed => Message is null;

    /// <summary>What kind of rule stands against the act. Meaningful only when refused.</summary>
    public RefusalKind Kind { get; }

    /// <summary>What happened, why, and what to do next; null when allowed.</summary>
    public string? Message { get; }

    /// <summary>The act is refused for a reason that a person reads.</summary>
    public static Ruling Refused(RefusalKind kind, string message) => new(kind, message);

    /// <summary>Returns when allowed.</summary>
    /// <exception cref="RefusedException">The act is refused.</exception>
    public void ThrowIfRefused()
    {
        if (Message is not null) throw new RefusedException(Kind, Message);
    }
}
