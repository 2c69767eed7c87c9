using System.Collections.Immutable;
using CsCheck;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

/// <summary>Random policy sets, people and nodes from a small world, so that policies match often and overlap often.</summary>
internal static class RandomPolicies
{
    /// <summary>Cedar conditions, each with what it means: true, false, or null where it cannot be evaluated.</summary>
    private static readonly (string Cedar, Func<AccessQuestion, bool?> Means)[] Conditions =
    [
        ("true", _ => true),
        ("false", _ => false),
        ("resource.hasTag(\"access\")", question => question.Node.Tags.ContainsKey("access")),
        ("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"", question => question.Node.Tags.GetValueOrDefault("env") == "prod"),
        ("resource.getTag(\"env\") == \"prod\"", question => question.Node.Tags.TryGetValue("env", out string? value) ? value == "prod" : null),
        ("resource.getTag(\"access\") == \"auto\"", question => question.Node.Tags.TryGetValue("access", out string? value) ? value == "auto" : null),
        ("principal in AWS::IdentityStore::Group::\"engineering\"", question => question.Actor.Person.Groups.Contains("engineering")),
        ("principal has division && principal.division == \"Finance\"", question => question.Actor.Person.Attributes.Division == "Finance"),
        ("principal.division != \"Finance\"", question => question.Actor.Person.Attributes.Division is { } division ? division != "Finance" : null),
        ("resource.region == \"eu-west-1\"", question => question.Node.Region == "eu-west-1"),
        ("resource is AWS::SSM::ManagedInstance", question => question.Node.Id.IsHybrid),
        ("context.request.durationHours > 2", question => question.Duration > TimeSpan.FromHours(2)),
        ("context.request.reason like \"INC-*\"", question => question.Reason.StartsWith("INC-", StringComparison.Ordinal)),
        ("principal == AWS::IdentityStore::User::\"ann\" || resource.hasTag(\"app\")", question => question.Actor.Subject == "ann" || question.Node.Tags.ContainsKey("app")),
        ("principal has division && resource.hasTag(\"app\") && principal.division == resource.getTag(\"app\")", question => question.Actor.Person.Attributes.Division is { } division && question.Node.Tags.GetValueOrDefault("app") == division),
        ("if principal has division then resource.getTag(\"env\") like \"p*\" else context.request.time < datetime(\"2026-11-26\")", question => question.Actor.Person.Attributes.Division is null
            ? question.At < new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero)
            : question.Node.Tags.TryGetValue("env", out string? value) ? value.StartsWith('p') : null),
        ("context.request.clock.hasTag(\"Europe/Berlin\") && [\"Sat\", \"Sun\"].contains(context.request.clock.getTag(\"Europe/Berlin\").weekday)", question => question.At.AddHours(1).UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday),
        ("context.request.clock.getTag(\"Asia/Tokyo\").minute >= 540 && resource.hasTag(\"access\")", question => question.At.AddHours(9).UtcDateTime.TimeOfDay.TotalMinutes >= 540 && question.Node.Tags.ContainsKey("access")),
        ("context.iam.principalTags.hasTag(\"app\") && resource.hasTag(\"app\") && context.iam.principalTags.getTag(\"app\") == resource.getTag(\"app\")", question => question.Actor.PrincipalTags.TryGetValue("app", out string? app) && question.Node.Tags.GetValueOrDefault("app") == app),
    ];

    private static readonly string[] People = ["ann", "bob", "cat", "dan", "eve"];

    private static readonly string[] Groups = ["engineering", "finance", "leads"];

    private static readonly TagPair[] Tags = [new("env", "prod"), new("env", "demo"), new("access", "auto"), new("app", "shop")];

    private static readonly Gen<int> Order = Gen.Int[0, 3];

    private static readonly Gen<bool> Enabled = Gen.Int[0, 4].Select(number => number > 0);

    public static readonly Gen<Approver> Approver = Gen.Int[0, 10].Select(number => number switch
    {
        < 5 => Given.Person(People[number]),
        < 8 => Given.Group(Groups[number - 5]),
        8 => Given.Role("jit-approver"),
        9 => Given.Role("jit-requester"),
        _ => Given.Role(Given.ApproverRole.Value),
    });

    public static readonly Gen<ImmutableArray<ApprovalLevel>> Levels =
        Gen.Select(Approver.Array[1, 5], Gen.Int[1, 3], (approvers, required) => new ApprovalLevel([.. approvers.Distinct()], required))
            .Array[1, 3].Select(levels => levels.ToImmutableArray());

    private static readonly Gen<ProvenIdentity> RoleIdentity = Gen.Int[0, 2].Select(ProvenIdentity (number) => new ProvenIdentity.Role(number switch
    {
        0 => Given.RequesterRole,
        1 => Given.ApproverRole,
        _ => RoleArn.Parse("arn:aws:iam::222222222222:role/ops/jit-approver"),
    }));

    public static readonly Gen<ProvenIdentity> OtherIdentity = Gen.Int[0, 2].Select(number => number switch
    {
        0 => ProvenIdentity.FromArn("arn:aws:iam::111111111111:user/ann"),
        1 => ProvenIdentity.FromArn("arn:aws:iam::111111111111:root"),
        _ => ProvenIdentity.FromArn("nobody"),
    });

    /// <summary>Somebody under a role, in any groups, with or without a division and application roles.</summary>
    public static readonly Gen<Actor> Actor = Gen.Select(Gen.Int[0, 4], RoleIdentity, Gen.Bool.Array[3], Gen.Int[0, 2], Gen.Int[0, 5],
        (person, identity, groups, division, right) => Given.Actor(People[person], null, [.. Groups.Where((_, index) => groups[index])])
            .WithAttributes(new PersonAttributes(Division: division switch { 0 => null, 1 => "Finance", _ => "Platform" })) with
        {
            Identity = identity,
            Roles = (right % 3) switch { 0 => [], 1 => [ApplicationRole.Admin], _ => [ApplicationRole.Auditor] },
            PrincipalTags = right < 3 ? Domain.Nodes.Node.NoTags : Domain.Nodes.Node.NoTags.Add("app", "shop"),
        });

    /// <summary>A node in one of two accounts and Regions, with or without tags.</summary>
    public static readonly Gen<Node> Node = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 2], Gen.Bool, Gen.Bool,
        (hybrid, otherAccount, otherRegion, env, automatic, app) => Given.Node([
            .. env switch { 0 => Array.Empty<string>(), 1 => ["env=prod"], _ => ["env=demo"] },
            .. automatic ? ["access=auto"] : Array.Empty<string>(),
            .. app ? [otherRegion ? "app=shop" : "app=Finance"] : Array.Empty<string>()]) with
        {
            Id = InstanceId.Parse(hybrid ? "mi-0f1e2d3c4b5a69788" : "i-0a1b2c3d4e5f60718"),
            Account = AccountId.Parse(otherAccount ? "222222222222" : "111111111111"),
            Region = otherRegion ? "ap-northeast-1" : "eu-west-1",
        });

    public static readonly Gen<AccessQuestion> Question = Gen.Select(Actor, Node, Gen.Bool, Gen.Int[1, 5],
        (actor, node, incident, hours) => Given.Question(actor, node, incident ? "INC-7" : "curious", TimeSpan.FromHours(hours)));

    private static readonly Gen<int[]> Statements = Gen.Int[0, Conditions.Length - 1].Array[1, 3];

    private static readonly Gen<DenyAccessPolicy> Deny = Gen.Select(Gen.Guid, Order, Enabled, Statements, Gen.Int[0, 3],
        (id, order, enabled, conditions, effect) => new DenyAccessPolicy
        {
            Id = id,
            Order = order,
            Enabled = enabled,
            Name = $"deny {id:N}",
            Cedar = string.Join("\n", conditions.Select(condition => Given.Forbid(Conditions[condition].Cedar))),
            Effect = effect == 0 ? DenyEffect.Refuse : DenyEffect.BlockAutoApproval,
        });

    private static readonly Gen<ReasonRule?> Rule = Gen.Int[0, 4].Select(number => number switch
    {
        0 => new ReasonRule { MinimumLength = 20 },
        1 => new ReasonRule { Pattern = "INC-[0-9]+", PatternHint = "the incident" },
        2 => new ReasonRule { TicketPattern = "OPS-[0-9]+", TicketHint = "OPS-1234" },
        _ => null,
    });

    /// <summary>Rules for sessions, the defaults among them.</summary>
    public static readonly Gen<SessionRules> Sessions = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Bool, (quarters, observer, tells, months, credentials) => new SessionRules
    {
        IdleTimeout = quarters == 0 ? null : TimeSpan.FromMinutes(15 * quarters),
        NeedsObserver = observer,
        TellsWhenWatched = tells,
        RecordingDays = months == 0 ? null : 30 * months,
        AllowsCredentials = credentials,
    });

    private static readonly Gen<BreakGlassRule?> Glass = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 24], (groups, hours) => groups == 0 ? null : new BreakGlassRule { Groups = [.. new[] { "on-call", "engineering", "sre" }.Take(groups)], MaximumHours = hours });

    private static readonly Gen<AutoApprovalPolicy> Auto = Gen.Select(Gen.Guid, Order, Enabled, Statements, Gen.Int[1, 8], Rule, Sessions,
        (id, order, enabled, conditions, hours, rule, sessions) => new AutoApprovalPolicy
        {
            Id = id,
            Order = order,
            Enabled = enabled,
            Name = $"auto {id:N}",
            Cedar = string.Join("\n", conditions.Select(condition => Given.Permit(Conditions[condition].Cedar))),
            MaximumHours = hours,
            ReasonRule = rule,
            SessionRules = sessions,
        });

    private static readonly Gen<NodeTarget> Target = Gen.Select(Gen.Int[0, Tags.Length - 1].Array[0, 2], Gen.Int[0, 5],
        (tags, filter) => new NodeTarget
        {
            Tags = [.. tags.Distinct().Select(tag => Tags[tag])],
            Accounts = filter == 1 ? ["111111111111"] : [],
            Regions = filter == 2 ? ["ap-northeast-1"] : [],
            Platforms = filter == 3 ? ["Windows"] : [],
        });

    private static readonly Gen<ManualPolicy> Manual = Gen.Select(Gen.Guid, Order, Enabled, Target, Levels, Rule, Gen.Select(Glass, Sessions),
        (id, order, enabled, target, levels, rule, others) => new ManualPolicy
        {
            Id = id,
            Order = order,
            Enabled = enabled,
            Name = $"manual {id:N}",
            MaximumHours = 24,
            Target = target,
            ReasonRule = rule,
            BreakGlass = others.Item1,
            SessionRules = others.Item2,
            Levels = levels,
        });

    public static readonly Gen<PolicySet> Set = Gen.Select(Deny.Array[0, 2], Auto.Array[0, 3], Manual.Array[0, 4],
        (deny, auto, manual) => new PolicySet { DenyAccess = [.. deny], AutoApproval = [.. auto], Manual = [.. manual] });

    /// <summary>The same policies, stored in another order.</summary>
    public static PolicySet Shuffled(PolicySet set, int seed)
    {
        Random random = new(seed);
        return new PolicySet { DenyAccess = Shuffle(set.DenyAccess), AutoApproval = Shuffle(set.AutoApproval), Manual = Shuffle(set.Manual) };

        ImmutableArray<T> Shuffle<T>(ImmutableArray<T> policies)
        {
            T[] shuffled = [.. policies];
            random.Shuffle(shuffled);
            return [.. shuffled];
        }
    }

    /// <summary>What each statement of a random Cedar text means for the question, without asking Cedar.</summary>
    public static IEnumerable<bool?> Meanings(string cedar, AccessQuestion question) =>
        cedar.Split('\n').Select(statement => Conditions.Single(condition => statement == Given.Forbid(condition.Cedar) || statement == Given.Permit(condition.Cedar)).Means(question));
}
