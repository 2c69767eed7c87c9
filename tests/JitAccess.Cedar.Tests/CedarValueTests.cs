using System.Text;

namespace JitAccess.Cedar.Tests;

public sealed class CedarValueTests
{
    [Fact]
    public void Set_WithTheSameValuesInAnotherOrder_IsEqual()
    {
        Assert.Equal(new CedarSet("a", 1, true), new CedarSet(true, "a", 1, "a"));
        Assert.Equal(new CedarSet("a", 1).GetHashCode(), new CedarSet(1, "a").GetHashCode());
        Assert.NotEqual(new CedarSet("a"), new CedarSet("b"));
        Assert.NotEqual<CedarValue>("1", 1);
    }

    [Fact]
    public void Record_WithTheSameAttributesInAnotherOrder_IsEqual()
    {
        var one = NodeAccess.Record(("a", 1), ("b", NodeAccess.Record(("c", "d"))));
        var other = NodeAccess.Record(("b", NodeAccess.Record(("c", "d"))), ("a", 1));

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, NodeAccess.Record(("a", 1)));
    }

    [Theory]
    [InlineData("__entity")]
    [InlineData("__extn")]
    [InlineData("__expr")]
    public void Record_WithANameThatTheFormatKeepsForItself_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => NodeAccess.Record((name, NodeAccess.Record(("type", "User"), ("id", "root")))));

    [Fact]
    public void Entities_WithEveryKindOfValue_AreWrittenInCedarsFormat()
    {
        var uid = new EntityUid("User", "a\"b");
        var entities = new Entities(new Entity(uid)
        {
            Attributes = NodeAccess.Record(
                ("long", long.MinValue),
                ("bool", true),
                ("set", new CedarSet("x")),
                ("record", NodeAccess.Record(("of", uid))),
                ("time", CedarExtension.DateTime(new DateTimeOffset(2026, 11, 24, 9, 30, 0, 5, TimeSpan.FromHours(1))))).Attributes,
            Tags = NodeAccess.Record(("env", "demo")).Attributes,
            Parents = [new EntityUid("Group", "g")],
        });

        Assert.Equal(
            """[{"uid":{"type":"User","id":"a\u0022b"},"attrs":{"long":-9223372036854775808,"bool":true,"set":["x"]"""
            + ""","record":{"of":{"__entity":{"type":"User","id":"a\u0022b"}}},"time":{"__extn":{"fn":"datetime","arg":"2026-11-24T08:30:00.005Z"}}}"""
            + ""","tags":{"env":"demo"},"parents":[{"type":"Group","id":"g"}]}]""",
            entities.ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[]]")]
    [InlineData("[] , {}")]
    public void EntitiesFromJson_WithoutOneArray_AreRefused(string json) => Assert.Throws<FormatException>(() => Entities.FromJson(json));

    [Theory]
    [InlineData("[]")]
    [InlineData("{},\"principal\":{}")]
    public void ContextFromJson_WithoutOneObject_IsRefused(string json) => Assert.Throws<FormatException>(() => Context.FromJson(json));

    [Fact]
    public void ContentHash_OfPolicySets_TellsContentAndNotOrder()
    {
        var hash = NodeAccess.Policies(("a", "1"), ("b", "2")).ContentHash;

        Assert.Equal(hash, NodeAccess.Policies(("b", "2"), ("a", "1")).ContentHash);
        Assert.NotEqual(hash, NodeAccess.Policies(("a", "2"), ("b", "1")).ContentHash);
        Assert.NotEqual(hash, NodeAccess.Policies(("a", "1b2")).ContentHash);
        Assert.Equal(64, Encoding.ASCII.GetByteCount(hash));
    }

    [Fact]
    public void PolicySet_WithAnIdTwice_IsRefused() => Assert.Throws<ArgumentException>(() => NodeAccess.Policies(("a", "1"), ("a", "2")));
}
