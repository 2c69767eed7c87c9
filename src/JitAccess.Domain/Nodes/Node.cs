using System.Collections.Immutable;

namespace JitAccess.Domain.Nodes;

/// <summary>A machine that AWS Systems Manager manages, in one account and Region, with the tags it had at the last refresh.</summary>
public sealed record Node
{
    /// <summary>The id of the machine.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The account that the machine is in.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The Region that the machine is in, for example <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>What people call it: its <c>Name</c> tag, else the name it registered with, else its id.</summary>
    public required string Name { get; init; }

    /// <summary>Linux, Windows or MacOS, as Systems Manager writes it.</summary>
    public required string Platform { get; init; }

    /// <summary>The operating system and its version, for example <c>Amazon Linux 2023</c>.</summary>
    public string PlatformName { get; init; } = "";

    /// <summary>The version of the agent on the machine.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>Whether the agent answers.</summary>
    public required PingStatus PingStatus { get; init; }

    /// <summary>When the agent last answered.</summary>
    public DateTimeOffset? LastPingAt { get; init; }

    /// <summary>The tags; keys and values are case-sensitive.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>No tags, in the ordinal order that tags have here.</summary>
    public static ImmutableSortedDictionary<string, string> NoTags { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The name with the tags that people recognise it by, for messages: <c>batch-worker-1 (env=batch)</c>.</summary>
    public string Described => Tags.Where(tag => tag.Key != "Name").Select(tag => $"{tag.Key}={tag.Value}").ToList() is { Count: > 0 } tags
        ? $"{Name} ({string.Join(", ", tags)})"
        : $"{Name} (no tags)";

    /// <summary>Whether somebody could connect now, as far as the machine itself is concerned.</summary>
    public Ruling CanBeReached() => PingStatus == PingStatus.Online
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Unavailable, LastPingAt is { } last
            ? $"{Name} cannot be reached: its agent is offline since {last.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Start the agent, refresh the nodes, then try again."
            : $"{Name} cannot be reached: its agent is offline. Start the agent, refresh the nodes, then try again.");
}
