using System.Diagnostics;
using System.Globalization;

namespace JitAccess.Cedar.Tests.Evaluation;

/// <summary>The compiled policies against the engine, which is the judge, on random policies, people, nodes and circumstances.</summary>
public sealed class DifferentialTests
{
    private const int Requests = 100_000;
    private const int RequestsPerSet = 400;

    [Fact]
    public void CompiledPolicySet_OnRandomRequests_AgreesWithTheEngine()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("JITACCESS_CEDAR_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var named) ? named : Environment.TickCount & int.MaxValue;
        var disagreements = new string?[Requests / RequestsPerSet];
        var watch = Stopwatch.StartNew();
        int[] outcomes = new int[4];

        Parallel.For(0, disagreements.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken }, set =>
            disagreements[set] = Run(new Random(HashCode(seed, set)), outcomes));

        var summary = $"Cedar differential: {Requests} requests by {disagreements.Length} policy sets in {watch.Elapsed.TotalSeconds:F0} s, "
            + $"{outcomes[0]} allowed, {outcomes[1]} denied, {outcomes[2]} with errors, {disagreements.Count(found => found is not null)} sets with disagreements; JITACCESS_CEDAR_SEED={seed}";
        Console.WriteLine(summary);
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(outcomes[0] > Requests / 50 && outcomes[2] > Requests / 50, "The random requests ask too little.");
        Assert.True(disagreements.All(found => found is null), $"{summary}\n{disagreements.FirstOrDefault(found => found is not null)}");
    }

    private static int HashCode(int seed, int set) => unchecked((seed * 31) + set);

    private static string? Run(Random random, int[] outcomes)
    {
        var world = new RandomNodeAccess(random);
        var parsed = Enumerable.Range(0, random.Next(1, 20)).Select(_ => world.Policy()).Select(text => (Text: text, NodeAccess.Engine.Parse(text).Statements.Single().Syntax)).ToArray();
        var texts = new PolicySet(parsed.Select((policy, index) => KeyValuePair.Create($"p{index}", policy.Text)));
        var compiled = CompiledPolicySet.Compile(parsed.Select((policy, index) => KeyValuePair.Create($"p{index}", policy.Syntax)));
        var people = Enumerable.Range(0, 8).Select(_ => world.RandomPerson()).Select(person => (Person: person, Store: new EntityStore(person.Entities))).ToArray();
        var nodes = Enumerable.Range(0, 8).Select(_ => world.RandomNode()).Select(node => (Node: node, Store: new EntityStore(node.Entities))).ToArray();
        var worlds = new Dictionary<(EntityUid, EntityUid), Entities>();

        for (var number = 0; number < RequestsPerSet; number++)
        {
            var (person, personStore) = people[random.Next(people.Length)];
            var (node, nodeStore) = nodes[random.Next(nodes.Length)];
            var request = RandomNodeAccess.Request(person, node, world.RandomCircumstances());
            if (!worlds.TryGetValue((person.Uid, node.Uid), out var entities))
                worlds.Add((person.Uid, node.Uid), entities = new Entities([.. person.Entities, .. node.Entities]));

            var expected = NodeAccess.Engine.Authorize(texts, entities, request);
            var actual = compiled.Evaluate(request, EntityStore.Layered(personStore, nodeStore));

            Interlocked.Increment(ref outcomes[expected.Decision == Decision.Allow ? 0 : 1]);
            if (expected.Errors.Count > 0)
                Interlocked.Increment(ref outcomes[2]);
            if (Describe(actual) != Describe(expected))
                return Report(parsed, entities, request, expected, actual);
        }
        return null;
    }

    private static string Describe(AuthorizationResult result) =>
        $"{result.Decision} by {{{string.Join(", ", result.Reasons.Order(StringComparer.Ordinal))}}}, errors in {{{string.Join(", ", result.Errors.Select(error => error.PolicyId))}}}";

    // The policies alone about which both differ, each with what either says of it by itself.
    private static string Report((string Text, Cedar.Syntax.Statement Syntax)[] policies, Entities entities, AuthorizationRequest request, AuthorizationResult expected, AuthorizationResult actual)
    {
        var alone = policies.Select(policy =>
        {
            var byEngine = NodeAccess.Engine.Authorize(NodeAccess.Policies(("p", policy.Text)), entities, request);
            var byUs = CompiledPolicySet.Compile([KeyValuePair.Create("p", policy.Syntax)]).Evaluate(request, EntityStore.Of(entities));
            return Describe(byEngine) == Describe(byUs) ? null : $"{policy.Text}\n  engine: {Describe(byEngine)} {Messages(byEngine)}\n  compiled: {Describe(byUs)} {Messages(byUs)}";
        }).OfType<string>().ToArray();
        return $"engine: {Describe(expected)}\ncompiled: {Describe(actual)}\n"
            + (alone.Length > 0 ? string.Join('\n', alone) : $"(each policy by itself agrees)\n{string.Join('\n', policies.Select(policy => policy.Text))}")
            + $"\n{request.Principal} {request.Resource} {request.Context.ToJson()}\n{entities.ToJson()}";
    }

    private static string Messages(AuthorizationResult result) => string.Join("; ", result.Errors.Select(error => error.Message));
}
