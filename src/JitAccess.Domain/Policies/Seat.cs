using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>By what right somebody answers.</summary>
/// <param name="Entry">The entry of the level.</param>
/// <param name="InPlaceOf">Whom the entry names when it does not name the one who answers: they stand in for this person. Null for their own seat.</param>
public sealed record Seat(Approver Entry, Person? InPlaceOf);
