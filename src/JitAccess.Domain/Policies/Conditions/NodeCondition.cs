using System.Collections.Immutable;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>One row of “which nodes”.</summary>
public abstract record NodeCondition
{
    private NodeCondition()
    {
    }

    /// <summary>A node whose tag passes a test.</summary>
    /// <param name="Key">The tag's key, case-sensitive.</param>
    /// <param name="Test">The test.</param>
    /// <param name="Values">The values or patterns, any of which will do; none for a test of presence.</param>
    public sealed record Tag(string Key, TextTest Test, ImmutableArray<string> Values) : NodeCondition
    {
        /// <inheritdoc />
        public bool Equals(Tag? other) => other is not null && Key == other.Key && Test == other.Test && Values.SequenceEqual(other.Values);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(Key, Test, Values.Length);
    }

    /// <summary>A node whose account, Region or platform passes a test.</summary>
    /// <param name="Name">What is asked for; every node has it.</param>
    /// <param name="Test">The test; those of presence make no sense here.</param>
    /// <param name="Values">The values or patterns, any of which will do.</param>
    public sealed record Property(NodeProperty Name, TextTest Test, ImmutableArray<string> Values) : NodeCondition
    {
        /// <inheritdoc />
        public bool Equals(Property? other) => other is not null && Name == other.Name && Test == other.Test && Values.SequenceEqual(other.Values);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(Name, Test, Values.Length);
    }
}
