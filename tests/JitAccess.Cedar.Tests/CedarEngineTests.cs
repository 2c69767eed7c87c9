namespace JitAccess.Cedar.Tests;

public sealed class CedarEngineTests
{
    [Fact]
    public void Engine_UsedByManyThreads_AnswersEachRightly()
    {
        using var engine = new CedarEngine(new CedarEngineOptions { MaxInstances = 3, MaxWait = TimeSpan.FromMinutes(5) });
        var answers = new Decision[400];

        Parallel.For(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            var policies = NodeAccess.Policies(($"only {number % 40}", NodeAccess.Permit($"resource.hasTag(\"{number % 40}\")")));
            var tag = number % 3 == 0 ? number % 40 : 40;
            answers[number] = engine.Authorize(policies, NodeAccess.World(tags: [($"{tag}", "")]), NodeAccess.Request, NodeAccess.Schema).Decision;
        });

        Assert.All(answers, (decision, number) => Assert.Equal(number % 3 == 0 ? Decision.Allow : Decision.Deny, decision));
    }

    [Fact]
    public void Engine_WithMorePolicySetsThanItKeeps_StillDecidesByTheRightOne()
    {
        using var engine = new CedarEngine(new CedarEngineOptions { MaxInstances = 1 });
        var sets = Enumerable.Range(0, 40).Select(number => NodeAccess.Policies(($"policy {number}", NodeAccess.Permit("true")))).ToArray();

        foreach (var round in (int[])[1, 3, 7])
        {
            for (var number = 0; number < sets.Length; number++)
            {
                var index = number * round % sets.Length;
                Assert.Equal([$"policy {index}"], engine.Authorize(sets[index], Entities.Empty, NodeAccess.Request).Reasons);
            }
        }
    }

    [Theory]
    [InlineData('(', ')')]
    [InlineData('[', ']')]
    public void Engine_GivenTooDeepNesting_RefusesAndGoesOn(char open, char close)
    {
        using var engine = new CedarEngine(new CedarEngineOptions { MaxInstances = 1 });
        var text = NodeAccess.Permit(new string(open, 20_000) + "true" + new string(close, 20_000));

        Assert.Contains("nested too deeply", Assert.Throws<CedarEngineException>(() => engine.Parse(text)).Message, StringComparison.Ordinal);
        Assert.Contains("nested too deeply", Assert.Throws<CedarEngineException>(() => engine.Format(text)).Message, StringComparison.Ordinal);
        Assert.Contains("nested too deeply", Assert.Throws<CedarEngineException>(() => engine.Validate(NodeAccess.Policies(("deep", text)), NodeAccess.Schema)).Message, StringComparison.Ordinal);
        AssertWorks(engine);
    }

    [Fact]
    public void Engine_GivenMoreWorkThanACallMayDo_RefusesAndGoesOn()
    {
        using var engine = new CedarEngine(new CedarEngineOptions { MaxInstances = 1, MaxFuel = 100_000_000 });

        var exception = Assert.Throws<CedarEngineException>(() => engine.Authorize(Many(3_000), Entities.Empty, NodeAccess.Request));

        Assert.Contains("more work than one call may do", exception.Message, StringComparison.Ordinal);
        AssertWorks(engine);
    }

    [Fact]
    public void Engine_GivenMoreThanItsMemoryHolds_RefusesAndGoesOn()
    {
        using var engine = new CedarEngine(new CedarEngineOptions { MaxInstances = 1, MaxMemoryBytes = 8 * 1024 * 1024 });

        var exception = Assert.Throws<CedarEngineException>(() => engine.Authorize(Many(5_000), Entities.Empty, NodeAccess.Request));

        Assert.Contains("more than the 8 MiB of memory allowed", exception.Message, StringComparison.Ordinal);
        AssertWorks(engine);
    }

    [Fact]
    public void Engine_GivenTheLongestText_ParsesIt()
    {
        var statement = NodeAccess.Permit("resource.hasTag(\"a\") && resource.getTag(\"a\") == \"b\"") + "\n";
        var count = 64 * 1024 / statement.Length;

        Assert.Equal(count, NodeAccess.Engine.Parse(string.Concat(Enumerable.Repeat(statement, count))).Statements.Count);
    }

    [Fact]
    public void Engine_WhoseInstancesAreAllAtWork_RefusesAfterItsPatience()
    {
        using var engine = new CedarEngine(new CedarEngineOptions { MaxInstances = 0, MaxWait = TimeSpan.Zero });

        Assert.Contains("too busy", Assert.Throws<CedarEngineException>(engine.WarmUp).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_Disposed_AnswersNothing()
    {
        var engine = new CedarEngine();
        AssertWorks(engine);

        engine.Dispose();
        engine.Dispose();

        Assert.Throws<ObjectDisposedException>(() => engine.Parse(""));
        Assert.Throws<ObjectDisposedException>(() => engine.Format(""));
        Assert.Throws<ObjectDisposedException>(() => engine.Validate(PolicySet.Empty, NodeAccess.Schema));
        Assert.Throws<ObjectDisposedException>(() => engine.Authorize(PolicySet.Empty, Entities.Empty, NodeAccess.Request));
    }

    private static PolicySet Many(int count) =>
        new(Enumerable.Range(0, count).Select(number => KeyValuePair.Create($"{number}", NodeAccess.Permit($"resource.hasTag(\"{number}\")"))));

    private static void AssertWorks(CedarEngine engine) =>
        Assert.Equal(Decision.Allow, engine.Authorize(NodeAccess.Policies(("open", NodeAccess.Permit("true"))), NodeAccess.World(), NodeAccess.Request, NodeAccess.Schema).Decision);
}
