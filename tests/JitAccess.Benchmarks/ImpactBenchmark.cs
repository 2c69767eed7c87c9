using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Benchmarks;

/// <summary>What one changed policy does, over 2,000 people, 10,000 nodes and 200 policies of a company with teams, environments and sites; every eighth policy looks at the working hours.</summary>
internal static class ImpactBenchmark
{
    private const int People = 2_000;
    private const int Nodes = 10_000;
    private const int Policies = 200;
    private const int Runs = 3;

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly string[] Teams = [.. Enumerable.Range(1, 40).Select(number => string.Create(CultureInfo.InvariantCulture, $"team-{number}"))];
    private static readonly string[] Environments = ["prod", "staging", "test", "dev", "batch"];
    private static readonly string[] Regions = ["eu-west-1", "eu-central-1", "us-east-1", "ap-northeast-1"];
    private static readonly string[] Accounts = [.. Enumerable.Range(1, 20).Select(number => number.ToString("D12", CultureInfo.InvariantCulture))];
    private static readonly string[] Apps = [.. Enumerable.Range(1, 60).Select(number => string.Create(CultureInfo.InvariantCulture, $"app-{number}"))];

    public static void Run()
    {
        using CedarEngine engine = new();
        Actor[] people = [.. Enumerable.Range(0, People).Select(Person)];
        Node[] nodes = [.. Enumerable.Range(0, Nodes).Select(NodeAt)];
        PolicySet before = Set();
        // The change: automatic access of one team on staging is taken away.
        AutoApprovalPolicy changed = before.AutoApproval[0];
        PolicySet after = before.With(changed with { Cedar = Permit(0, "test", workingHours: true) });
        PolicyEvaluator inForce = new(new PolicySetVersion(1, before), engine);
        PolicyEvaluator draft = new(new PolicySetVersion(2, after), engine);
        ImmutableArray<DateTimeOffset> times = ImpactTimes.Sample(inForce, draft, Now);

        List<double> seconds = [];
        long peak = 0;
        ImpactReport? report = null;
        for (int run = 0; run < Runs; run++)
        {
            report = null;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            long atRest = GC.GetTotalMemory(forceFullCollection: true);
            long workingSet = WorkingSet();
            Stopwatch watch = Stopwatch.StartNew();
            long highest = 0;
            report = ImpactAnalysis.Run(inForce, draft, people, nodes, times, new EveryStep(() => highest = Math.Max(highest, Math.Max(GC.GetTotalMemory(forceFullCollection: false) - atRest, WorkingSet() - workingSet))), CancellationToken.None);
            seconds.Add(watch.Elapsed.TotalSeconds);
            peak = Math.Max(peak, highest);
        }
        if (report!.Counts.Total != (long)People * Nodes || report.Counts.Changed == 0) throw new InvalidOperationException("The analysis did not count every pair, or saw no change.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{People:N0} people in {report.PeopleClasses:N0} classes, {Nodes:N0} nodes in {report.NodeClasses:N0} classes, {times.Length} times, {Policies} policies: {report.Counts.Changed:N0} of {report.Counts.Total:N0} pairs change in {report.Moves.Length} ways."));
        Figure.Print("impact.seconds", seconds.Max(), "s");
        Figure.Print("impact.memory_mb", peak / 1048576d, "MB");
    }

    private static long WorkingSet()
    {
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static Actor Person(int number) => new()
    {
        Person = new Person(string.Create(CultureInfo.InvariantCulture, $"person-{number}"), string.Create(CultureInfo.InvariantCulture, $"Person {number}"), null,
            // Everybody is in their team and in "engineering"; some are in a second team, on call or lead.
            new[] { "engineering", Teams[number % Teams.Length], number % 7 == 0 ? Teams[number / 7 % Teams.Length] : null, number % 11 == 0 ? "on-call" : null, number % 23 == 0 ? "leads" : null }
                .OfType<string>().ToImmutableSortedSet(StringComparer.Ordinal),
            new PersonAttributes(string.Create(CultureInfo.InvariantCulture, $"E-{number}"), string.Create(CultureInfo.InvariantCulture, $"{number % 30}"), number % 9 == 0 ? "contractor" : "staff", number % 3 == 0 ? "Finance" : "Platform")),
        Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::111111111111:role/jit-requester")),
    };

    private static Node NodeAt(int number) => new()
    {
        Id = InstanceId.Parse(number % 20 == 0 ? $"mi-{number:x17}" : $"i-{number:x17}"),
        Account = AccountId.Parse(Accounts[number % Accounts.Length]),
        Region = Regions[number / 3 % Regions.Length],
        Name = string.Create(CultureInfo.InvariantCulture, $"{Apps[number % Apps.Length]}-{number}"),
        Platform = number % 10 == 0 ? "Windows" : "Linux",
        PingStatus = PingStatus.Online,
        Tags = Node.NoTags.AddRange(new Dictionary<string, string>
        {
            ["Name"] = string.Create(CultureInfo.InvariantCulture, $"{Apps[number % Apps.Length]}-{number}"),
            ["env"] = Environments[number / 7 % Environments.Length],
            ["team"] = Teams[number / 5 % Teams.Length],
            ["app"] = Apps[number % Apps.Length],
        }),
    };

    private static PolicySet Set()
    {
        const int denies = 20;
        const int autos = 120;
        return new PolicySet
        {
            DenyAccess = [.. Enumerable.Range(0, denies).Select(number => new DenyAccessPolicy { Id = Id(number), Order = number, Name = $"Deny {number}", Cedar = Forbid(number), Effect = number % 5 == 0 ? DenyEffect.Refuse : DenyEffect.BlockAutoApproval })],
            AutoApproval = [.. Enumerable.Range(0, autos).Select(number => new AutoApprovalPolicy { Id = Id(denies + number), Order = number, Name = $"Auto {number}", Cedar = Permit(number, Environments[1 + number % 4], number % 8 == 0) })],
            Manual = [.. Enumerable.Range(0, Policies - denies - autos).Select(number => new ManualPolicy
            {
                Id = Id(denies + autos + number),
                Order = number,
                Name = $"Manual {number}",
                MaximumHours = 8,
                Target = number == 0 ? new NodeTarget { Regions = ["eu-west-1", "eu-central-1"] } : new NodeTarget { Tags = [new TagPair("app", Apps[number % Apps.Length]), new TagPair("team", Teams[number % Teams.Length])] },
                Levels = [new ApprovalLevel([new Approver(ApproverKind.Group, "leads"), new Approver(ApproverKind.Person, $"person-{number}")], 1 + number % 2)],
            })],
        };
    }

    private static string Forbid(int number) => (number % 4) switch
    {
        0 => $$"""forbid (principal, action, resource) when { principal has organization && principal.organization == "contractor" && resource.hasTag("app") && resource.getTag("app") == "{{Apps[number]}}" };""",
        1 => $$"""forbid (principal, action, resource is AWS::EC2::Instance) when { resource.account == "{{Accounts[number % Accounts.Length]}}" } unless { principal in AWS::IdentityStore::Group::"on-call" };""",
        2 => $$"""forbid (principal, action, resource) when { resource.hasTag("env") && resource.getTag("env") == "prod" && !(principal in AWS::IdentityStore::Group::"{{Teams[number]}}") };""",
        _ => $$"""forbid (principal, action, resource) when { resource.platform == "Windows" && resource.region == "{{Regions[number % Regions.Length]}}" && principal has division && principal.division == "Finance" };""",
    };

    private static string Permit(int number, string environment, bool workingHours)
    {
        string hours = workingHours
            ? """ && context.request.clock.hasTag("Europe/Berlin") && ["Mon", "Tue", "Wed", "Thu", "Fri"].contains(context.request.clock.getTag("Europe/Berlin").weekday) && context.request.clock.getTag("Europe/Berlin").minute >= 480 && context.request.clock.getTag("Europe/Berlin").minute < 1080"""
            : "";
        return $$"""permit (principal in AWS::IdentityStore::Group::"{{Teams[number % Teams.Length]}}", action, resource) when { resource.hasTag("env") && resource.getTag("env") == "{{environment}}" && resource.hasTag("team") && resource.getTag("team") == "{{Teams[number % Teams.Length]}}"{{hours}} };""";
    }

    private static Guid Id(int number) => new(number + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    private sealed class EveryStep(Action step) : IProgress<double>
    {
        private double _last;

        public void Report(double value)
        {
            if (value - _last < 0.02 && value < 1) return;
            _last = value;
            step();
        }
    }
}
