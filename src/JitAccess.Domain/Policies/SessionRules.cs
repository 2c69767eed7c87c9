namespace JitAccess.Domain.Policies;

/// <summary>What a policy that grants says of the sessions under it: when they end by themselves, who sees them, and what is kept of them.</summary>
public sealed record SessionRules
{
    /// <summary>The longest that recordings may be kept, in days.</summary>
    public const int MaximumRecordingDays = 3650;

    /// <summary>The shortest time without a sign of life after which sessions may end.</summary>
    public static readonly TimeSpan ShortestIdleTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The longest time without a sign of life after which sessions may end.</summary>
    public static readonly TimeSpan LongestIdleTimeout = TimeSpan.FromMinutes(1440);

    /// <summary>What holds unless a policy says otherwise.</summary>
    public static SessionRules Default { get; } = new();

    /// <summary>How long nobody types and nothing comes out until a session ends, in whole minutes: 1 to 1440; null for never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether a second person must be present: a session takes keystrokes only while somebody who may watch is watching.</summary>
    public bool NeedsObserver { get; init; }

    /// <summary>Whether the person in the session sees that they are watched.</summary>
    public bool TellsWhenWatched { get; init; } = true;

    /// <summary>How long recordings are kept, in days: 1 to 3650; null for as long as the configuration says.</summary>
    public int? RecordingDays { get; init; }

    /// <summary>Whether the person may have temporary credentials, for this node alone, for their own AWS command line. What they do with them is neither seen nor recorded here.</summary>
    public bool AllowsCredentials { get; init; }

    /// <summary>The rules in words, as what sessions do: <c>end after 15 min idle; need a second person who watches</c>; only what differs from the defaults.</summary>
    public override string ToString() => string.Join("; ", new[]
    {
        IdleTimeout is { } idle ? $"end after {PolicyWords.Of(idle)} idle" : null,
        NeedsObserver ? "need a second person who watches" : null,
        TellsWhenWatched ? null : "do not show that they are watched",
        RecordingDays is { } days ? $"are kept as recordings for {PolicyWords.Count(days, "day")}" : null,
        AllowsCredentials ? "may be opened past JitAccess with temporary credentials, unrecorded" : null,
    }.OfType<string>().DefaultIfEmpty("have no rules of their own"));

    /// <summary>
    /// The stricter of each of two rules that both govern: the shorter time-out, a second person and the notice of being watched if either wants them,
    /// credentials only if both allow them, recordings for the longer time. A number of days stands against none, whose length only the configuration knows.
    /// </summary>
    public SessionRules Tightened(SessionRules other) => new()
    {
        IdleTimeout = IdleTimeout is { } mine && other.IdleTimeout is { } theirs ? (mine < theirs ? mine : theirs) : IdleTimeout ?? other.IdleTimeout,
        NeedsObserver = NeedsObserver || other.NeedsObserver,
        TellsWhenWatched = TellsWhenWatched || other.TellsWhenWatched,
        RecordingDays = RecordingDays is { } days && other.RecordingDays is { } others ? Math.Max(days, others) : RecordingDays ?? other.RecordingDays,
        AllowsCredentials = AllowsCredentials && other.AllowsCredentials,
    };
}
