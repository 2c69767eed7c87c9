namespace JitAccess.Cedar.Tests.Evaluation;

public sealed class EntityStoreTests
{
    private static readonly EntityUid Inner = new("AWS::IdentityStore::Group", "inner");
    private static readonly EntityUid Middle = new("AWS::IdentityStore::Group", "middle");
    private static readonly EntityUid Outer = new("AWS::IdentityStore::Group", "outer");

    [Fact]
    public void EntityStore_OfGroupsInGroups_FindsThePersonInAll() =>
        Assert.Equal(["inner", "middle", "outer"], GroupsOf(new EntityStore(Person(Inner), Group(Inner, Middle), Group(Middle, Outer), Group(Outer))));

    [Fact]
    public void EntityStore_OfGroupsInACycle_ComesToAnEnd() =>
        Assert.Equal(["inner", "middle", "outer"], GroupsOf(new EntityStore(Person(Inner), Group(Inner, Middle), Group(Middle, Outer), Group(Outer, Inner))));

    [Fact]
    public void EntityStore_WithoutTheParentsEntity_StillFindsThePersonInIt() =>
        Assert.Equal(["inner"], GroupsOf(new EntityStore(Person(Inner))));

    [Fact]
    public void Layered_WithAncestorsInAnotherStore_FollowsThemThere()
    {
        var person = new EntityStore(Person(Inner));
        var groups = new EntityStore(Group(Inner, Middle), Group(Middle, Outer));

        Assert.Equal(["inner", "middle", "outer"], GroupsOf(EntityStore.Layered(person, groups)));
        Assert.Equal(["inner", "middle", "outer"], GroupsOf(EntityStore.Layered(groups, EntityStore.Empty, person)));
        Assert.Equal(["inner"], GroupsOf(person));
    }

    [Fact]
    public void Layered_OfPersonAndNode_AnswersForBoth()
    {
        var store = EntityStore.Layered(
            new EntityStore(Person(Inner) with { Attributes = NodeAccess.Record(("division", "IT")).Attributes }),
            new EntityStore(new Entity(NodeAccess.Node) { Tags = NodeAccess.Record(("env", "dev")).Attributes }));

        Assert.Equal(Decision.Allow, Compile(NodeAccess.Permit("principal.division == \"IT\" && resource.getTag(\"env\") == \"dev\"")).Evaluate(NodeAccess.Request, store).Decision);
    }

    [Fact]
    public void EntityStore_OfOneEntityTwice_TakesItOnlyWhenItIsTheSame()
    {
        Assert.Equal(["inner"], GroupsOf(new EntityStore(Person(Inner), Person(Inner))));
        Assert.Throws<ArgumentException>(() => new EntityStore(Person(Inner), Person(Outer)));
        Assert.Throws<FormatException>(() => EntityStore.Of(new Entities(Person(Inner), Person(Outer))));
    }

    [Fact]
    public void EntityStore_WithAValueThatIsNone_IsRefused() =>
        Assert.Throws<FormatException>(() => new EntityStore(new Entity(NodeAccess.Person) { Attributes = NodeAccess.Record(("since", new CedarExtension("datetime", "today"))).Attributes }));

    [Theory]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"uid":{"type":"A"},"attrs":{},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":1},"attrs":{},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":null},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":1.5},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":9223372036854775808},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":{"__expr":"1"}},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":{"__extn":{"fn":"datetime","arg":"today"}}},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":{"__extn":{"fn":"exec","arg":"today"}}},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":1,"x":2},"parents":[]}]""")]
    public void Of_EntitiesThatCannotBeRead_IsRefused(string json) =>
        Assert.Throws<FormatException>(() => EntityStore.Of(Entities.FromJson(json)));

    private static Entity Person(params EntityUid[] groups) => new(NodeAccess.Person) { Parents = groups };

    private static Entity Group(EntityUid uid, params EntityUid[] groups) => new(uid) { Parents = groups };

    private static string[] GroupsOf(EntityStore store)
    {
        EntityUid[] groups = [Inner, Middle, Outer];
        var policies = CompiledPolicySet.Compile(groups.Select(group =>
            KeyValuePair.Create(group.Id, NodeAccess.Engine.Parse($"permit (principal in {group}, action, resource);").Statements[0].Syntax)));
        return [.. policies.Evaluate(NodeAccess.Request, store).Reasons.Order()];
    }

    private static CompiledPolicySet Compile(string policy) => CompiledPolicySet.Compile([KeyValuePair.Create("only", NodeAccess.Engine.Parse(policy).Statements[0].Syntax)]);
}
