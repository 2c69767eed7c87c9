using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests;

/// <summary>The words of the tests: people, nodes and policies with everything filled in that a test does not speak of.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 30, 0, TimeSpan.Zero);

    public static readonly RoleArn RequesterRole = RoleArn.Parse("arn:aws:iam::111111111111:role/jit-requester");

    public static readonly RoleArn ApproverRole = RoleArn.Parse("arn:aws:iam::111111111111:role/jit-approver");

    public static Actor Requester { get; } = Actor("requester", RequesterRole, "engineering");

    public static Actor Approver { get; } = Actor("approver", ApproverRole, "platform-leads");

    public static Actor Approver2 { get; } = Actor("approver2", ApproverRole, "platform-leads");

    public static Actor Actor(string subject, RoleArn? role = null, params string[] groups) => new()
    {
        Person = new Person(subject, $"{char.ToUpperInvariant(subject[0])}{subject[1..]}", null, groups.ToImmutableSortedSet(StringComparer.Ordinal), new PersonAttributes()),
        Identity = new ProvenIdentity.Role(role ?? RequesterRole),
    };

    public static Actor WithAttributes(this Actor actor, PersonAttributes attributes) => actor with { Person = actor.Person with { Attributes = attributes } };

    /// <summary>An online Linux machine in eu-west-1 with these tags (<c>key=value</c>).</summary>
    public static Node Node(params string[] tags) => new()
    {
        Id = InstanceId.Parse("i-0a1b2c3d4e5f60718"),
        Account = AccountId.Parse("111111111111"),
        Region = "eu-west-1",
        Name = "demo-linux",
        Platform = "Linux",
        PingStatus = PingStatus.Online,
        Tags = Domain.Nodes.Node.NoTags.AddRange(tags.Select(Tag).Select(tag => KeyValuePair.Create(tag.Key, tag.Value))),
    };

    public static TagPair Tag(string text) => new(text.Split('=')[0], text.Split('=')[1]);

    public static string Forbid(string condition) => $"forbid (principal, action, resource) when {{ {condition} }};";

    public static string Permit(string condition) => $"permit (principal, action, resource) when {{ {condition} }};";

    public static DenyAccessPolicy Deny(string cedar, string name = "Deny", DenyEffect effect = DenyEffect.BlockAutoApproval) =>
        new() { Id = Guid.NewGuid(), Name = name, Cedar = cedar, Effect = effect };

    public static AutoApprovalPolicy Auto(string cedar, string name = "Auto", int hours = 1) =>
        new() { Id = Guid.NewGuid(), Name = name, Cedar = cedar, MaximumHours = hours };

    public static ManualPolicy AllNodes(string name = "All nodes", params ApprovalLevel[] levels) => new()
    {
        Id = Guid.NewGuid(),
        Name = name,
        MaximumHours = 24,
        Target = NodeTarget.AllNodes,
        Levels = levels.Length == 0 ? [Level(1, Role("jit-approver"))] : [.. levels],
    };

    public static ManualPolicy ByTags(string name, params string[] tags) =>
        AllNodes(name) with { Target = new NodeTarget { Tags = [.. tags.Select(Tag)] } };

    public static ApprovalLevel Level(int required, params Approver[] approvers) => new([.. approvers], required);

    public static Approver Person(string subject) => new(ApproverKind.Person, subject);

    public static Approver Group(string id) => new(ApproverKind.Group, id);

    public static Approver Role(string nameOrArn) => new(ApproverKind.Role, nameOrArn);

    public static PolicySet Set(params Policy[] policies) => policies.Aggregate(PolicySet.Empty, (set, policy) => set.With(policy));

    public static AccessQuestion Question(Actor? actor = null, Node? node = null, string reason = "INC-1", TimeSpan? duration = null) =>
        new(actor ?? Requester, node ?? Node(), Now, reason, duration);

    /// <summary>The decision that this many people must approve, up to 24 hours.</summary>
    public static Decision NeedsApproval(params ApprovalLevel[] levels) => new()
    {
        Outcome = DecisionOutcome.NeedsApproval,
        Sentence = "“All nodes” asks for approval.",
        PolicySetVersion = 1,
        DecidedBy = Guid.NewGuid(),
        DecidedByName = "All nodes",
        MaximumHours = 24,
        PendingTimeout = TimeSpan.FromDays(7),
        Levels = levels.Length == 0 ? [Level(1, Role("jit-approver"))] : [.. levels],
    };

    public static Decision Automatic(int hours = 1) => new()
    {
        Outcome = DecisionOutcome.Automatic,
        Sentence = $"Approved automatically by “Demo” for {hours} h.",
        PolicySetVersion = 1,
        DecidedBy = Guid.NewGuid(),
        DecidedByName = "Demo",
        MaximumHours = hours,
    };
}
