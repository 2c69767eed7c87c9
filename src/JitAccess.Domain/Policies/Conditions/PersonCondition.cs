using System.Collections.Immutable;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>One row of “who”.</summary>
public abstract record PersonCondition
{
    private PersonCondition()
    {
    }

    /// <summary>Somebody in any of the groups, or in none of them.</summary>
    /// <param name="Groups">The groups, by the identity provider's identifiers.</param>
    /// <param name="IsNot">True for somebody who is in none of them.</param>
    public sealed record MemberOf(ImmutableArray<string> Groups, bool IsNot = false) : PersonCondition
    {
        /// <inheritdoc />
        public bool Equals(MemberOf? other) => other is not null && IsNot == other.IsNot && Groups.SequenceEqual(other.Groups);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(IsNot, Groups.Length);
    }

    /// <summary>Somebody whose attribute passes a test.</summary>
    /// <param name="Name">The attribute.</param>
    /// <param name="Test">The test.</param>
    /// <param name="Values">The values or patterns, any of which will do; none for a test of presence.</param>
    public sealed record Attribute(PersonAttribute Name, TextTest Test, ImmutableArray<string> Values) : PersonCondition
    {
        /// <inheritdoc />
        public bool Equals(Attribute? other) => other is not null && Name == other.Name && Test == other.Test && Values.SequenceEqual(other.Values);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(Name, Test, Values.Length);
    }
}
