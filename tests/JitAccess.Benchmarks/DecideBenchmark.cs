using System.Diagnostics;
using System.Globalization;
using JitAccess.Cedar;

namespace JitAccess.Benchmarks;

/// <summary>
/// What a decision costs: by compiled policies and by the engine, by 10 policies and by 10,000, side by side in one run. People and nodes are prepared
/// once and combined for each decision, as the application does; half of the ten policies match.
/// </summary>
internal static class DecideBenchmark
{
    private const int Rounds = 25;
    private const int People = 16;
    private const int Nodes = 16;

    private static readonly string[] Groups = ["group-0", "everybody", "engineering", "berlin", "linux-admins"];

    private static readonly EntityUid Action = new("AWS::SSM::Action", "getTokenForInstanceAccess");

    public static void Run()
    {
        using var engine = new CedarEngine();
        var ten = Policies(1);
        var many = Policies(1_000);
        var compiledTen = Compile(engine, ten);
        var compiledMany = Compile(engine, many);
        var people = Enumerable.Range(0, People).Select(Person).ToArray();
        var nodes = Enumerable.Range(0, Nodes).Select(Node).ToArray();
        var texts = new PolicySet(ten);
        var json = people.Select(person => nodes.Select(node => new Entities([.. person.Entities, .. node.Entities])).ToArray()).ToArray();
        var matches = new StatementMatches();

        Check();
        List<double> tenNanoseconds = [];
        List<double> manyNanoseconds = [];
        List<double> engineNanoseconds = [];
        var bytes = double.MaxValue;
        for (var round = 0; round < Rounds + 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var tenTime = Decide(compiledTen, 20);
            var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / (20 * People * Nodes);
            var manyTime = Decide(compiledMany, 20);
            var engineTime = DecideByEngine();

            // The first rounds are for the compiler of the runtime.
            if (round < 5)
                continue;
            bytes = Math.Min(bytes, allocated);
            tenNanoseconds.Add(tenTime);
            manyNanoseconds.Add(manyTime);
            engineNanoseconds.Add(engineTime);
        }

        Print("decide.compiled_vs_wasm", Median(engineNanoseconds) / Median(tenNanoseconds), "x");
        Print("decide.ns_10", Median(tenNanoseconds), "ns");
        Print("decide.ns_10000", Median(manyNanoseconds), "ns");
        Print("decide.ns_wasm", Median(engineNanoseconds), "ns");
        Print("decide.ratio_10000_vs_10", Median(manyNanoseconds) / Median(tenNanoseconds), "x");
        Print("decide.bytes_10", bytes, "bytes");

        double Decide(CompiledPolicySet policies, int repeats)
        {
            var watch = Stopwatch.StartNew();
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                foreach (var person in people)
                {
                    foreach (var node in nodes)
                        policies.Evaluate(new AuthorizationRequest(person.Uid, Action, node.Uid, person.Context), EntityStore.Layered(person.Store, node.Store), matches);
                }
            }
            return watch.Elapsed.TotalNanoseconds / (repeats * People * Nodes);
        }

        double DecideByEngine()
        {
            var watch = Stopwatch.StartNew();
            for (var person = 0; person < People; person++)
            {
                for (var node = 0; node < Nodes; node += 4)
                    engine.Authorize(texts, json[person][node], new AuthorizationRequest(people[person].Uid, Action, nodes[node].Uid, people[person].Context));
            }
            return watch.Elapsed.TotalNanoseconds / (People * Nodes / 4);
        }

        // Figures of wrong answers would be worth nothing.
        void Check()
        {
            for (var person = 0; person < People; person++)
            {
                for (var node = 0; node < Nodes; node++)
                {
                    var request = new AuthorizationRequest(people[person].Uid, Action, nodes[node].Uid, people[person].Context);
                    var expected = engine.Authorize(texts, json[person][node], request);
                    var entities = EntityStore.Layered(people[person].Store, nodes[node].Store);
                    foreach (var policies in (CompiledPolicySet[])[compiledTen, compiledMany])
                    {
                        var actual = policies.Evaluate(request, entities);
                        policies.Evaluate(request, entities, matches);
                        if (actual.Decision != expected.Decision || !actual.Reasons.SetEquals(expected.Reasons) || actual.Errors.Count + expected.Errors.Count > 0 || matches.Matched.Length != 5)
                            throw new InvalidOperationException($"The policies do not decide as expected: {matches.Matched.Length} match, {string.Join(", ", actual.Reasons)} decide.");
                    }
                }
            }
        }
    }

    /// <summary>Ten policies in the manner of AWS's examples, and the same again for other teams, groups and values.</summary>
    private static KeyValuePair<string, string>[] Policies(int copies) =>
    [
        .. Enumerable.Range(0, copies).SelectMany(copy => new[]
        {
            Policy("permit", $"principal in AWS::IdentityStore::Group::\"group-{copy}\"", "principal has costCenter && resource.hasTag(\"CostCenter\") && principal.costCenter == resource.getTag(\"CostCenter\")"),
            Policy("permit", $"principal in AWS::IdentityStore::Group::\"group-{copy}\"", "principal has organization && resource.hasTag(\"Engineering\") && resource.hasTag(\"Production\") && principal.organization == \"Platform\""),
            Policy("permit", "principal", $"principal has employeeNumber && principal.employeeNumber like \"E-1*\" && resource.hasTag(\"Purpose\") && resource.getTag(\"Purpose\") == \"Testing-{copy}\""),
            Policy("permit", "principal", $"context.iam.principalTags.hasTag(\"team\") && resource.hasTag(\"Team\") && resource.getTag(\"Team\") == \"team-{copy}\" && context.iam.principalTags.getTag(\"team\") == resource.getTag(\"Team\")"),
            Policy("permit", "principal", $"context.request.durationHours <= 4 && resource.region == \"eu-central-1\" && resource.hasTag(\"Service\") && [\"web-{copy}\", \"api-{copy}\"].contains(resource.getTag(\"Service\"))"),
            Policy("permit", "principal", $"principal has organization && principal.organization == \"Partner-{copy}\" && resource.hasTag(\"Shared\")"),
            Policy("permit", $"principal in AWS::IdentityStore::Group::\"on-call-{copy}\"", "context.request.breakGlass"),
            Policy("forbid", $"principal in AWS::IdentityStore::Group::\"restricted-{copy}\"", "resource.hasTag(\"Environment\") && resource.getTag(\"Environment\") == \"Production\""),
            Policy("forbid", "principal", $"principal has division && principal.division != \"Finance\" && resource.hasTag(\"DataClassification\") && resource.getTag(\"DataClassification\") == \"Financial-{copy}\""),
            Policy("forbid", "principal", $"principal has employeeNumber && principal.employeeNumber like \"TEMP-*\" && resource.hasTag(\"Criticality\") && resource.getTag(\"Criticality\") == \"High-{copy}\""),
        }.Select((text, index) => KeyValuePair.Create($"policy-{copy}-{index}", text))),
    ];

    private static string Policy(string effect, string principal, string condition) =>
        $"{effect} ({principal}, action == AWS::SSM::Action::\"getTokenForInstanceAccess\", resource) when {{ {condition} }};";

    private static CompiledPolicySet Compile(CedarEngine engine, KeyValuePair<string, string>[] policies) => CompiledPolicySet.Compile(
        policies.Chunk(100).SelectMany(some => some.Zip(engine.Parse(string.Join('\n', some.Select(policy => policy.Value))).Statements, (policy, statement) => KeyValuePair.Create(policy.Key, statement.Syntax))));

    private static PreparedPerson Person(int number)
    {
        var uid = new EntityUid("AWS::IdentityStore::User", $"b1946ac9-{number:D4}-4f23-a3c5-2f1e6c1d8a3b");
        var tags = new EntityUid("AWS::IAM::PrincipalTags", uid.Id);
        EntityUid[] groups = [.. Groups.Select(name => new EntityUid("AWS::IdentityStore::Group", name))];
        Entity[] entities =
        [
            new Entity(uid) { Attributes = Texts(("employeeNumber", $"E-1{number}"), ("costCenter", "4711"), ("organization", "Platform"), ("division", "Engineering")), Parents = groups },
            .. groups.Select(group => new Entity(group)),
            new Entity(tags) { Tags = Texts(("team", "team-0"), ("site", "berlin")) },
        ];
        Context context = Record(
            ("iam", Record(("principalTags", tags))),
            ("request", Record(("time", CedarExtension.DateTime(new DateTimeOffset(2026, 11, 24, 8, 0, number, TimeSpan.Zero))), ("reason", "Restart the service"), ("durationHours", 2), ("breakGlass", false))));
        return new PreparedPerson(uid, context, entities, new EntityStore(entities));
    }

    private static PreparedNode Node(int number)
    {
        var uid = new EntityUid("AWS::EC2::Instance", $"i-0a1b2c3d4e5f6{number:D4}");
        var tags = Texts(
            ("Name", $"web-{number}"), ("CostCenter", "4711"), ("Engineering", "yes"), ("Production", "yes"), ("Purpose", "Testing-0"), ("Team", "team-0"), ("Service", "web-0"),
            ("Environment", "Staging"), ("DataClassification", "Internal"), ("Criticality", "Low"));
        Entity[] entities = [new Entity(uid) { Attributes = Texts(("account", "111111111111"), ("region", "eu-central-1"), ("platform", "Linux")), Tags = tags }];
        return new PreparedNode(uid, entities, new EntityStore(entities));
    }

    private static IReadOnlyDictionary<string, CedarValue> Texts(params (string Name, CedarValue Value)[] texts) => Record(texts).Attributes;

    private static CedarRecord Record(params (string Name, CedarValue Value)[] attributes) =>
        new(attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)));

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);

    private static void Print(string name, double number, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure {name} {number:0.###} {unit}"));

    private sealed record PreparedPerson(EntityUid Uid, Context Context, Entity[] Entities, EntityStore Store);

    private sealed record PreparedNode(EntityUid Uid, Entity[] Entities, EntityStore Store);
}
