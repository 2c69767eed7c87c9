namespace JitAccess.Cedar.Tests.Evaluation;

/// <summary>A large set picks the policies that it asks; what it leaves out must be what would neither match nor err.</summary>
public sealed class CandidateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void CompiledPolicySet_OfManyPolicies_DecidesAsEachPolicyByItself(int seed)
    {
        var random = new Random(seed);
        var world = new RandomNodeAccess(random);
        var statements = NodeAccess.Engine.Parse(string.Join('\n', Enumerable.Range(0, 150).Select(_ => world.Policy()))).Statements;
        var alone = statements.Select(statement => CompiledPolicySet.Compile([KeyValuePair.Create("only", statement.Syntax)])).ToArray();
        var together = CompiledPolicySet.Compile(statements.Select((statement, index) => KeyValuePair.Create($"p{index}", statement.Syntax)));
        var people = Enumerable.Range(0, 20).Select(_ => world.RandomPerson()).Select(person => (Person: person, Store: new EntityStore(person.Entities))).ToArray();
        var nodes = Enumerable.Range(0, 20).Select(_ => world.RandomNode()).Select(node => (Node: node, Store: new EntityStore(node.Entities))).ToArray();
        var (all, one) = (new StatementMatches(), new StatementMatches());
        var (matched, failed) = (0, 0);

        foreach (var (person, personStore) in people)
        {
            foreach (var (node, nodeStore) in nodes)
            {
                var request = RandomNodeAccess.Request(person, node, world.RandomCircumstances());
                var store = EntityStore.Layered(personStore, nodeStore);

                together.Evaluate(request, store, all);

                List<int> expectedMatches = [];
                List<int> expectedFailures = [];
                for (var index = 0; index < alone.Length; index++)
                {
                    alone[index].Evaluate(request, store, one);
                    if (one.Matched.Length > 0)
                        expectedMatches.Add(index);
                    if (one.Failed.Length > 0)
                        expectedFailures.Add(index);
                }
                Assert.Equal(expectedMatches, all.Matched.ToArray());
                Assert.Equal(expectedFailures, all.Failed.ToArray());
                matched += expectedMatches.Count;
                failed += expectedFailures.Count;
            }
        }
        Assert.True(matched > 1_000 && failed > 1_000, $"{matched} matches and {failed} failures are too few to tell.");
    }
}
