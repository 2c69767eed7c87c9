namespace JitAccess.Domain.People;

/// <summary>Somebody answers in another's place for a while. What they get is the seat of the absent approver, never more than that one has at the time, and never towards the absent one's own requests.</summary>
public sealed class Delegation
{
    /// <summary>How long somebody may stand in at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    /// <summary>The longest note, in characters.</summary>
    public const int MaximumNoteLength = 256;

    private Delegation() { }

    /// <summary>The delegation's id (UUID version 7).</summary>
    public Guid Id { get; private set; }

    /// <summary>The subject of the one who is absent.</summary>
    public string Delegator { get; private set; } = "";

    /// <summary>Their name at the time.</summary>
    public string DelegatorName { get; private set; } = "";

    /// <summary>The subject of the one who answers in their place.</summary>
    public string StandIn { get; private set; } = "";

    /// <summary>Their name at the time.</summary>
    public string StandInName { get; private set; } = "";

    /// <summary>From when on.</summary>
    public DateTimeOffset From { get; private set; }

    /// <summary>Until when, unless it is ended before.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Why, in the words of the absent one; empty if nothing was said.</summary>
    public string Note { get; private set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was ended early; null when it was not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Who ended it early; null when nobody did.</summary>
    public string? EndedByName { get; private set; }

    /// <summary>Whether the stand-in answers at this instant.</summary>
    public bool IsActive(DateTimeOffset now) => EndedAt is null && From <= now && now < Until;

    /// <summary>Whether it is over, by the clock or by somebody.</summary>
    public bool IsOver(DateTimeOffset now) => EndedAt is not null || Until <= now;

    /// <summary>Whether the actor may name this stand-in for this time.</summary>
    /// <param name="actor">The one who will be absent.</param>
    /// <param name="standIn">The one who is to answer in their place.</param>
    /// <param name="from">From when on: whole minutes; the past means now.</param>
    /// <param name="until">Until when: whole minutes.</param>
    /// <param name="note">Why; may be empty.</param>
    /// <param name="own">The actor's other delegations.</param>
    /// <param name="now">The instant of the question.</param>
    public static Ruling CanDelegate(Actor actor, Person standIn, DateTimeOffset from, DateTimeOffset until, string note, IEnumerable<Delegation> own, DateTimeOffset now)
    {
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (standIn.Subject == actor.Subject) return Ruling.Refused(RefusalKind.Invalid, "Nobody stands in for themselves. Choose somebody else.");
        if (from.Ticks % TimeSpan.TicksPerMinute != 0 || until.Ticks % TimeSpan.TicksPerMinute != 0) return Ruling.Refused(RefusalKind.Invalid, "Choose times of whole minutes.");
        if (until <= now) return Ruling.Refused(RefusalKind.Invalid, "The end has passed. Choose a later one.");
        if (until <= from) return Ruling.Refused(RefusalKind.Invalid, "The end is not after the start. Choose a later end.");
        if (until - Later(from, now) > Longest) return Ruling.Refused(RefusalKind.Invalid, $"That is too long: at most {Longest.Days} days. Choose an earlier end.");
        if (note.Length > MaximumNoteLength) return Ruling.Refused(RefusalKind.Invalid, $"The note has {note.Length} characters; at most {MaximumNoteLength} are allowed. Shorten it.");
        return own.FirstOrDefault(other => !other.IsOver(now) && other.From < until && from < other.Until) is { } same
            ? Ruling.Refused(RefusalKind.Conflict, $"{same.StandInName} stands in for you from {same.From.UtcDateTime:yyyy-MM-dd HH:mm} to {same.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC already. End that first, or choose another time.")
            : Ruling.Allowed;
    }

    /// <summary>Names a stand-in.</summary>
    /// <exception cref="RefusedException">See <see cref="CanDelegate"/>.</exception>
    public static Delegation Make(Actor actor, Person standIn, DateTimeOffset from, DateTimeOffset until, string note, IEnumerable<Delegation> own, DateTimeOffset now)
    {
        CanDelegate(actor, standIn, from, until, note, own, now).ThrowIfRefused();
        return new Delegation
        {
            Id = Guid.CreateVersion7(now),
            Delegator = actor.Subject,
            DelegatorName = actor.Person.DisplayName,
            StandIn = standIn.Subject,
            StandInName = standIn.DisplayName,
            From = Later(from, now).ToUniversalTime(),
            Until = until.ToUniversalTime(),
            Note = note.Trim(),
            CreatedAt = now,
        };
    }

    /// <summary>Whether the actor may end it early: the absent one, the stand-in who cannot, and an admin.</summary>
    public Ruling CanEnd(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject != Delegator && actor.Subject != StandIn && !actor.IsAdmin) return Ruling.Refused(RefusalKind.NotFound, "This delegation does not exist.");
        return IsOver(now)
            ? Ruling.Refused(RefusalKind.Conflict, EndedByName is { } by ? $"{by} has ended this already." : "Its time is over already.")
            : Ruling.Allowed;
    }

    /// <summary>Ends it early. What the stand-in has answered stands.</summary>
    /// <exception cref="RefusedException">See <see cref="CanEnd"/>.</exception>
    public void End(Actor actor, DateTimeOffset now)
    {
        CanEnd(actor, now).ThrowIfRefused();
        (EndedAt, EndedByName) = (now, actor.Person.DisplayName);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
