using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Tests.Evaluation;

public sealed class ClassTests
{
    [Fact]
    public void Classes_OfPeopleNodesAndCircumstances_AreNotToldApartByAnyPolicy()
    {
        var (people, nodes, circumstances) = (0, 0, 0);
        for (var seed = 0; seed < 80; seed++)
        {
            var random = new Random(seed);
            var world = new RandomNodeAccess(random);
            string[] policies = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => world.Policy())];
            var set = Compile(policies);
            var somePeople = Enumerable.Range(0, 24).Select(_ => world.RandomPerson()).Select(person => (Person: person, Store: new EntityStore(person.Entities))).ToArray();
            var someNodes = Enumerable.Range(0, 24).Select(_ => world.RandomNode()).Select(node => (Node: node, Store: new EntityStore(node.Entities))).ToArray();
            var someCircumstances = Enumerable.Range(0, 12).Select(_ => world.RandomCircumstances()).ToArray();

            var outcomes = new string[somePeople.Length, someNodes.Length, someCircumstances.Length];
            var matches = new StatementMatches();
            for (var person = 0; person < somePeople.Length; person++)
            {
                for (var node = 0; node < someNodes.Length; node++)
                {
                    for (var circumstance = 0; circumstance < someCircumstances.Length; circumstance++)
                    {
                        set.Evaluate(
                            RandomNodeAccess.Request(somePeople[person].Person, someNodes[node].Node, someCircumstances[circumstance]),
                            EntityStore.Layered(somePeople[person].Store, someNodes[node].Store),
                            matches);
                        outcomes[person, node, circumstance] = $"{string.Join(',', matches.Matched.ToArray())}/{string.Join(',', matches.Failed.ToArray())}";
                    }
                }
            }

            var ofPeople = set.ClassifierOf("principal", "context.iam");
            people += AssertSame(
                somePeople.Select(person => ofPeople.KeyOf(RandomNodeAccess.Request(person.Person, someNodes[0].Node, null), person.Store)),
                (one, other) => from node in Enumerable.Range(0, someNodes.Length) from circumstance in Enumerable.Range(0, someCircumstances.Length) select (outcomes[one, node, circumstance], outcomes[other, node, circumstance]));
            var ofNodes = set.ClassifierOf("resource");
            nodes += AssertSame(
                someNodes.Select(node => ofNodes.KeyOf(RandomNodeAccess.Request(somePeople[0].Person, node.Node, null), node.Store)),
                (one, other) => from person in Enumerable.Range(0, somePeople.Length) from circumstance in Enumerable.Range(0, someCircumstances.Length) select (outcomes[person, one, circumstance], outcomes[person, other, circumstance]));
            var ofCircumstances = set.ClassifierOf("context.request");
            circumstances += AssertSame(
                someCircumstances.Select(circumstance => ofCircumstances.KeyOf(RandomNodeAccess.Request(somePeople[0].Person, someNodes[0].Node, circumstance), EntityStore.Empty)),
                (one, other) => from person in Enumerable.Range(0, somePeople.Length) from node in Enumerable.Range(0, someNodes.Length) select (outcomes[person, node, one], outcomes[person, node, other]));

            int AssertSame(IEnumerable<ClassKey> keys, Func<int, int, IEnumerable<(string One, string Other)>> answers)
            {
                var pairs = 0;
                foreach (var members in keys.Index().GroupBy(key => key.Item, key => key.Index))
                {
                    foreach (var other in members.Skip(1))
                    {
                        pairs++;
                        var (one, another) = answers(members.First(), other).FirstOrDefault(answer => answer.One != answer.Other);
                        Assert.True(one == another, $"Seed {seed}: {members.First()} and {other} are one class, and get {one} and {another} by\n{string.Join('\n', policies)}");
                    }
                }
                return pairs;
            }
        }
        Assert.True(people > 400 && nodes > 400 && circumstances > 200, $"{people} pairs of people, {nodes} of nodes and {circumstances} of circumstances are too few to tell.");
    }

    [Theory]
    [InlineData("permit (principal in AWS::IdentityStore::Group::\"ops\", action, resource);", 2)]
    [InlineData("permit (principal, action, resource) when { principal has costCenter && resource.hasTag(\"CostCenter\") && principal.costCenter == resource.getTag(\"CostCenter\") };", 4)]
    [InlineData("permit (principal in AWS::IdentityStore::Group::\"ops\", action, resource) when { principal has costCenter && resource.hasTag(\"CostCenter\") && principal.costCenter == resource.getTag(\"CostCenter\") };", 3)]
    [InlineData("permit (principal, action, resource) when { resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\" && principal has costCenter && principal.costCenter == \"1\" };", 2)]
    [InlineData("permit (principal, action, resource) when { context.iam.principalTags.hasTag(\"team\") && context.iam.principalTags.getTag(\"team\") == \"red\" };", 2)]
    [InlineData("permit (principal, action, resource) when { context.iam.principalTags.hasTag(resource.region) };", 3)]
    [InlineData("permit (principal, action, resource) when { resource.hasTag(\"env\") && context.request.breakGlass };", 1)]
    [InlineData("permit (principal, action, resource) when { resource.hasTag(\"owner\") && resource.getTag(\"owner\") == principal };", 12)]
    public void Classes_OfPeople_AreAsFewAsThePolicyNeeds(string policy, int expected)
    {
        var classifier = Compile(policy).ClassifierOf("principal", "context.iam");

        var keys = Enumerable.Range(0, 12).Select(number =>
        {
            var uid = new EntityUid("AWS::IdentityStore::User", $"user-{number}");
            var tags = new EntityUid("AWS::IAM::PrincipalTags", uid.Id);
            var group = new EntityUid("AWS::IdentityStore::Group", number % 2 == 0 ? "ops" : "dev");
            var person = new RandomNodeAccess.Person(uid, tags,
            [
                new Entity(uid) { Attributes = number % 4 == 3 ? NodeAccess.Record().Attributes : NodeAccess.Record(("costCenter", $"{number % 4}")).Attributes, Parents = [group] },
                new Entity(group),
                new Entity(tags) { Tags = number % 3 == 2 ? NodeAccess.Record().Attributes : NodeAccess.Record(("team", number % 3 == 0 ? "red" : "blue")).Attributes },
            ]);
            return classifier.KeyOf(RandomNodeAccess.Request(person, new RandomNodeAccess.Node(NodeAccess.Node, []), null), new EntityStore(person.Entities));
        });

        Assert.Equal(expected, keys.Distinct().Count());
    }

    [Theory]
    [InlineData("context.request.time < datetime(\"2026-01-01\")", "context.request.time", true)]
    [InlineData("context.request.time < datetime(\"2026-01-01\")", "context.request", true)]
    [InlineData("context.request.time < datetime(\"2026-01-01\")", "context.request.reason", false)]
    [InlineData("context.request.clock.hasTag(\"Europe/Berlin\") && context.request.clock.getTag(\"Europe/Berlin\").minute > 540", "context.request.clock", true)]
    [InlineData("context.request.clock.hasTag(\"Europe/Berlin\")", "context.request.time", false)]
    [InlineData("context == {}", "context.request.time", true)]
    [InlineData("context has request && context.request has time", "context.request.time", true)]
    [InlineData("principal has division && resource.region == \"eu-central-1\"", "context", false)]
    [InlineData("if principal has division then context.request.durationHours < 3 else true", "context.request.durationHours", true)]
    public void LooksAt_OfAPath_TellsWhetherTheAnswerMayDependOnIt(string condition, string path, bool looks) =>
        Assert.Equal(looks, Compile(NodeAccess.Permit(condition)).LooksAt(path));

    [Fact]
    public void ClassifierOf_APathWithoutAVariable_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Compile(NodeAccess.Permit("true")).ClassifierOf("user"));

    private static CompiledPolicySet Compile(params string[] policies) =>
        CompiledPolicySet.Compile(policies.Select((text, index) => KeyValuePair.Create($"p{index}", Parse(text))));

    private static Statement Parse(string text) => Assert.Single(NodeAccess.Engine.Parse(text).Statements).Syntax;
}
