using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>Who may open access at once when nobody can be waited for, and for how long. Somebody else reviews each such opening afterwards.</summary>
public sealed record BreakGlassRule
{
    /// <summary>The most groups.</summary>
    public const int MaximumGroups = 5;

    /// <summary>The longest that it may open access for, in hours: an emergency, not a way to work.</summary>
    public const int MostHours = 24;

    /// <summary>The groups whose members may: one to five, by the identity provider's identifiers.</summary>
    public required ImmutableArray<string> Groups { get; init; }

    /// <summary>How long the grant lasts at most, in hours: 1 to 24.</summary>
    public int MaximumHours { get; init; } = 1;

    /// <summary>The rule in words: <c>members of on-call may break glass for at most 1 h</c>.</summary>
    public override string ToString() => $"members of {string.Join(" or ", Groups)} may break glass for at most {MaximumHours} h";

    /// <inheritdoc />
    public bool Equals(BreakGlassRule? other) => other is not null && MaximumHours == other.MaximumHours && Groups.SequenceEqual(other.Groups);

    /// <inheritdoc />
    public override int GetHashCode() => Groups.Aggregate(MaximumHours, HashCode.Combine);
}
