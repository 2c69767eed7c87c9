using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Tests.Evaluation;

public sealed class CompiledPolicySetTests
{
    [Fact]
    public void Evaluate_OfPermitsAndForbids_NamesThoseThatDetermineTheDecision()
    {
        var set = Compile(("open", NodeAccess.Permit("true")), ("closed", NodeAccess.Forbid("resource.hasTag(\"env\")")), ("errs", NodeAccess.Forbid("resource.getTag(\"x\") == 1")));

        var open = set.Evaluate(NodeAccess.Request, EntityStore.Of(NodeAccess.World()));
        var closed = set.Evaluate(NodeAccess.Request, EntityStore.Of(NodeAccess.World(tags: [("env", "prod")])));

        Assert.Equal((Decision.Allow, "open"), (open.Decision, Assert.Single(open.Reasons)));
        Assert.Equal((Decision.Deny, "closed"), (closed.Decision, Assert.Single(closed.Reasons)));
        var error = Assert.Single(closed.Errors);
        Assert.Equal(("errs", $"`{NodeAccess.Node}` does not have the tag `x`"), (error.PolicyId, error.Message));
    }

    [Fact]
    public void Evaluate_ByNoPolicies_Denies()
    {
        var result = Compile().Evaluate(NodeAccess.Request, EntityStore.Empty);

        Assert.Equal(Decision.Deny, result.Decision);
        Assert.Empty(result.Reasons);
    }

    [Fact]
    public void Evaluate_IntoTheSameMatchesAgain_ForgetsWhatWasThere()
    {
        var set = Compile(("open", NodeAccess.Permit("true")), ("errs", NodeAccess.Permit("context.none")));
        var matches = new StatementMatches();

        set.Evaluate(NodeAccess.Request, EntityStore.Empty, matches);
        Assert.Equal((Decision.Allow, 0, 1), (matches.Decision, Assert.Single(matches.Matched.ToArray()), Assert.Single(matches.Failed.ToArray())));

        Compile().Evaluate(NodeAccess.Request, EntityStore.Empty, matches);
        Assert.Equal((Decision.Deny, 0, 0), (matches.Decision, matches.Matched.Length, matches.Failed.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void Evaluate_IntoMatches_AllocatesNextToNothing(int copies)
    {
        var set = Compile([.. Enumerable.Range(0, copies).SelectMany(copy => new[]
        {
            ($"a{copy}", NodeAccess.Permit($"principal has division && principal.division like \"I*\" && resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev{copy}\"")),
            ($"b{copy}", NodeAccess.Forbid($"context.n < 3 && [\"x\", \"y{copy}\"].contains(resource.getTag(\"env\"))")),
            ($"c{copy}", NodeAccess.Forbid("resource.getTag(\"missing\") == \"x\"")),
        })]);
        var (person, node) = (new EntityStore(new Entity(NodeAccess.Person) { Attributes = NodeAccess.Record(("division", "IT")).Attributes }), new EntityStore(new Entity(NodeAccess.Node) { Tags = NodeAccess.Record(("env", "dev0")).Attributes }));
        Context context = NodeAccess.Record(("n", 5));
        var matches = new StatementMatches();
        Decide(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Decide(1_000);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;

        Assert.Equal(copies, matches.Failed.Length);
        Assert.True(bytes <= 256, $"A decision allocates {bytes} bytes.");

        void Decide(int times)
        {
            for (var time = 0; time < times; time++)
                set.Evaluate(new AuthorizationRequest(NodeAccess.Person, NodeAccess.Request.Action, NodeAccess.Node, context), EntityStore.Layered(person, node), matches);
        }
    }

    [Theory]
    [InlineData(" || ", "context.n == 1", Decision.Deny)]
    [InlineData(" && ", "context.n == 5", Decision.Allow)]
    [InlineData(" + ", "context.n", Decision.Allow)]
    public void Evaluate_OfAThousandTerms_GoesThroughAll(string separator, string term, Decision expected)
    {
        var chain = string.Join(separator, Enumerable.Repeat(term, 900));
        var set = Compile(("long", NodeAccess.Permit(separator == " + " ? $"{chain} == 4500" : chain)));
        var request = NodeAccess.Request with { Context = NodeAccess.Record(("n", 5)) };

        Assert.Equal(expected, set.Evaluate(request, EntityStore.Empty).Decision);
        Assert.Equal(expected == Decision.Allow, Assert.Single(set.Explain(request, EntityStore.Empty)).Outcome == ExplainedOutcome.Held);
        Assert.False(set.LooksAt("resource"));
    }

    [Fact]
    public void Compile_OfOneIdTwice_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Compile(("a", NodeAccess.Permit("true")), ("a", NodeAccess.Permit("false"))));

    [Fact]
    public void Compile_OfTooDeepAStatement_IsRefused()
    {
        Expression deep = new Expression.Variable(RequestVariable.Context);
        for (var depth = 0; depth < 100_000; depth++)
            deep = new Expression.GetAttribute(deep, "a");
        var statement = new Statement(Effect.Permit, new Scope.Any(), new Scope.Any(), new Scope.Any(), [new Condition(false, deep)]);

        Assert.Contains("nested too deeply", Assert.Throws<CedarEngineException>(() => CompiledPolicySet.Compile([KeyValuePair.Create("deep", statement)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_WithAContextThatCannotBeRead_IsRefused() =>
        Assert.Throws<FormatException>(() => Compile(("open", NodeAccess.Permit("true"))).Evaluate(NodeAccess.Request with { Context = Context.FromJson("{\"x\": null}") }, EntityStore.Empty));

    [Fact]
    public void Explain_OfRandomPolicies_HasTheOutcomesOfTheDecision()
    {
        var world = new RandomNodeAccess(new Random(99));
        var set = CompiledPolicySet.Compile(NodeAccess.Engine.Parse(string.Join('\n', Enumerable.Range(0, 120).Select(_ => world.Policy()))).Statements
            .Select((statement, index) => KeyValuePair.Create($"p{index}", statement.Syntax)));
        var matches = new StatementMatches();

        for (var number = 0; number < 200; number++)
        {
            var (person, node) = (world.RandomPerson(), world.RandomNode());
            var request = RandomNodeAccess.Request(person, node, world.RandomCircumstances());
            var store = EntityStore.Layered(new EntityStore(person.Entities), new EntityStore(node.Entities));
            set.Evaluate(request, store, matches);

            var explained = set.Explain(request, store);

            Assert.Equal(set.PolicyIds, explained.Select(explanation => explanation.PolicyId));
            Assert.Equal(matches.Matched.ToArray(), Positions(explained, ExplainedOutcome.Held));
            Assert.Equal(matches.Failed.ToArray(), Positions(explained, ExplainedOutcome.Failed));
            Assert.All(explained, explanation =>
            {
                // The first clause that did not hold is what came of the statement.
                var first = explanation.Clauses.Select(clause => clause.Outcome).FirstOrDefault(outcome => outcome != ExplainedOutcome.Held, ExplainedOutcome.Held);
                Assert.Equal(explanation.Outcome, first);
                Assert.Equal(explanation.Outcome == ExplainedOutcome.Failed, !string.IsNullOrEmpty(explanation.Error));
            });
        }

        static IEnumerable<int> Positions(IEnumerable<StatementExplanation> explained, ExplainedOutcome outcome) =>
            explained.Index().Where(explanation => explanation.Item.Outcome == outcome).Select(explanation => explanation.Index);
    }

    private static CompiledPolicySet Compile(params (string Id, string Text)[] policies) =>
        CompiledPolicySet.Compile(policies.Select(policy => KeyValuePair.Create(policy.Id, NodeAccess.Engine.Parse(policy.Text).Statements.Single().Syntax)));
}
