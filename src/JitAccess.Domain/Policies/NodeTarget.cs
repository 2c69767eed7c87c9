using System.Collections.Immutable;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies;

/// <summary>The nodes that a manual policy is for: all of them, or those that carry any of some tags, either narrowed by account, Region and platform.</summary>
public sealed record NodeTarget
{
    /// <summary>Any of these makes a node match; none means that tags do not matter.</summary>
    public ImmutableArray<TagPair> Tags { get; init; } = [];

    /// <summary>Only nodes in one of these accounts; none means in any.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];

    /// <summary>Only nodes in one of these Regions; none means in any.</summary>
    public ImmutableArray<string> Regions { get; init; } = [];

    /// <summary>Only nodes on one of these platforms (Linux, Windows, MacOS); none means on any.</summary>
    public ImmutableArray<string> Platforms { get; init; } = [];

    /// <summary>All nodes, not narrowed.</summary>
    public static NodeTarget AllNodes { get; } = new();

    /// <summary>True for a target by tags, which beats every target of all nodes.</summary>
    public bool IsByTags => !Tags.IsDefaultOrEmpty;

    /// <summary>Whether the policy with this target is for the node.</summary>
    public bool Matches(Node node) => WithinFilters(node) && (!IsByTags || MatchingTags(node).Any());

    /// <summary>The target's tags that the node carries.</summary>
    public IEnumerable<TagPair> MatchingTags(Node node) =>
        Tags.Where(tag => node.Tags.TryGetValue(tag.Key, out string? value) && value == tag.Value);

    /// <summary>Whether account, Region and platform of the node are among those that the target is narrowed to.</summary>
    public bool WithinFilters(Node node) =>
        Admits(Accounts, node.Account.Value) && Admits(Regions, node.Region) && Admits(Platforms, node.Platform);

    /// <summary>The filters in words, empty if there are none: <c>Region eu-west-1</c>.</summary>
    public string DescribedFilters => string.Join(", ",
        Accounts.Select(account => $"account {account}").Concat(Regions.Select(region => $"Region {region}")).Concat(Platforms));

    private static bool Admits(ImmutableArray<string> filter, string value) => filter.IsEmpty || filter.Contains(value);

    /// <inheritdoc />
    public bool Equals(NodeTarget? other) => other is not null && Tags.SequenceEqual(other.Tags)
        && Accounts.SequenceEqual(other.Accounts) && Regions.SequenceEqual(other.Regions) && Platforms.SequenceEqual(other.Platforms);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Tags.Length, Accounts.Length, Regions.Length, Platforms.Length);
}
