namespace JitAccess.Domain.Audit;

/// <summary>An audit entry as it stands in the store, column by column: what is sealed. JSON is the text that the store gives back, not the one it was given.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="At">When it happened; the store keeps microseconds.</param>
/// <param name="Actor">The subject of the person who acted.</param>
/// <param name="ActorName">The name of who acted.</param>
/// <param name="ActorIdentity">The ARN of the identity that was proven.</param>
/// <param name="ActorAddress">The network address that the act came from.</param>
/// <param name="Action">The name of the action; a name that no version of the program knows is sealed and checked like any other.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="NodeId">The node concerned.</param>
/// <param name="Before">The state before.</param>
/// <param name="After">The state after.</param>
/// <param name="PolicySetVersion">The version of the policy set that governed.</param>
/// <param name="Why">In words.</param>
public sealed record StoredEntry(
    Guid Id, DateTimeOffset At, string? Actor, string ActorName, string? ActorIdentity, string? ActorAddress, string Action,
    string Subject, string? NodeId, string? Before, string? After, int? PolicySetVersion, string Why);
