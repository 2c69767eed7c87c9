using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Web.Policies;

/// <summary>What somebody wants to know of the policies without asking for access.</summary>
public sealed record SimulatorQuestion
{
    /// <summary>The subject of somebody who has signed in; null for somebody made up, of whom the rest is known.</summary>
    public string? Subject { get; init; }

    /// <summary>The groups of somebody made up.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>The attributes of somebody made up.</summary>
    public PersonAttributes Attributes { get; init; } = new();

    /// <summary>The role that they act under; null for the first of the person's, or for any.</summary>
    public RoleArn? Role { get; init; }

    /// <summary>The node.</summary>
    public required InstanceId Node { get; init; }

    /// <summary>When they ask; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why they ask.</summary>
    public string Reason { get; init; } = "";

    /// <summary>For how long; null for as long as the policies allow.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>By which policies.</summary>
    public SimulatedSet Set { get; init; } = SimulatedSet.InForce;
}

/// <summary>The policies that the simulator asks.</summary>
/// <param name="Draft">True for the draft.</param>
/// <param name="Version">One version; null for the one in force.</param>
public readonly record struct SimulatedSet(bool Draft, int? Version)
{
    /// <summary>The version in force.</summary>
    public static SimulatedSet InForce { get; }

    /// <summary>As the address has it: <c>draft</c> or a number; the version in force for anything else.</summary>
    public static SimulatedSet Parse(string? text) => text switch
    {
        "draft" => new SimulatedSet(true, null),
        _ when int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) => new SimulatedSet(false, number),
        _ => InForce,
    };
}

/// <summary>What the simulator answers.</summary>
/// <param name="Actor">Who was asked about, with the role that was taken.</param>
/// <param name="Node">What was asked about, taken to be online.</param>
/// <param name="IsOffline">Whether the node's agent does not answer now, so that a request now would be refused before the policies are asked.</param>
/// <param name="At">When they ask.</param>
/// <param name="Decision">The decision with every policy's answer.</param>
/// <param name="By">The policies that decided, in words: <c>version 14, in force</c>.</param>
/// <param name="Unreadable">Policies that cannot be read, and why: they fail closed.</param>
public sealed record SimulatorAnswer(Actor Actor, Node Node, bool IsOffline, DateTimeOffset At, Decision Decision, string By, IReadOnlyList<(string Policy, string Why)> Unreadable);

/// <summary>What members of each group get on the nodes of each value of a tag.</summary>
/// <param name="Tag">The tag's key.</param>
/// <param name="Groups">The groups, one a row: somebody who is in this group alone and of whom nothing else is known.</param>
/// <param name="Cells">The values and the outcomes.</param>
/// <param name="At">When they ask.</param>
/// <param name="By">The policies that decided, in words.</param>
public sealed record SimulatorMatrix(string Tag, IReadOnlyList<string> Groups, TagMatrix Cells, DateTimeOffset At, string By);

/// <summary>What can be asked about.</summary>
/// <param name="Groups">The groups of everybody who has signed in, and those that policies name.</param>
/// <param name="Roles">The ARNs of the roles that somebody may act under.</param>
/// <param name="Tags">The keys of the nodes' tags.</param>
/// <param name="Version">The version in force; 0 before anything was published.</param>
/// <param name="HasDraft">Whether there is a draft.</param>
public sealed record SimulatorChoices(IReadOnlyList<string> Groups, IReadOnlyList<string> Roles, IReadOnlyList<string> Tags, int Version, bool HasDraft);

/// <summary>Somebody who has signed in.</summary>
public sealed record SimulatedPerson(string Subject, string DisplayName, string? Email, IReadOnlyCollection<string> Groups);
