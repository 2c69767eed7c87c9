using JitAccess.Web.Components.Policies.Simulator;

namespace JitAccess.Web.Tests.Components;

public sealed class SimulatorAddressTests
{
    private const string Node = "i-0123456789abcdef0";

    [Fact]
    public void ToString_EverythingIsAsked_KeepsEverything()
    {
        SimulatorAddress address = new()
        {
            Groups = ["a & b", "ops"],
            Organization = "contractor",
            Role = "arn:aws:iam::111111111111:role/jit",
            Node = Node,
            At = new DateTimeOffset(2026, 11, 25, 9, 30, 0, TimeSpan.FromHours(9)),
            Hours = 2,
            Set = "draft",
        };

        Assert.Equal($"policies/simulator?group=a%20%26%20b&group=ops&organization=contractor&role=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fjit&node={Node}&at=2026-11-25T00%3A30%3A00Z&hours=2&set=draft",
            address.ToString());
    }

    [Fact]
    public void Question_SomebodyIsMadeUp_SaysWhatTheyAre()
    {
        SimulatorAddress address = new() { Groups = ["ops"], Division = "retail", Node = Node, Set = "14" };

        Assert.Null(address.Question!.Subject);
        Assert.Equal("ops", Assert.Single(address.Question.Groups));
        Assert.Equal("retail", address.Question.Attributes.Division);
        Assert.Equal(14, address.Question.Set.Version);
    }

    [Fact]
    public void Question_PersonIsNamed_AsksForThem() =>
        Assert.Equal("ada", new SimulatorAddress { Person = "ada", Node = Node }.Question!.Subject);

    [Theory]
    [InlineData(null, Node)]
    [InlineData("ada", null)]
    [InlineData("ada", "server-1")]
    public void Question_SomethingIsMissing_IsNone(string? person, string? node) =>
        Assert.Null(new SimulatorAddress { Person = person, Node = node }.Question);

    [Theory]
    [InlineData("2026-11-25T00:30:00Z", "2026-11-25T00:30:00Z")]
    [InlineData("2026-11-25T09:30:00+09:00", "2026-11-25T00:30:00Z")]
    [InlineData("yesterday", null)]
    [InlineData(null, null)]
    public void ReadAt_AnyText_GivesTheInstantOrNone(string? text, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), SimulatorAddress.ReadAt(text));

    [Theory]
    [InlineData("8", 8)]
    [InlineData("0", null)]
    [InlineData("337", null)]
    [InlineData("-1", null)]
    [InlineData("two", null)]
    public void ReadHours_AnyText_GivesALengthThatCanBeAskedForOrNone(string text, int? expected) => Assert.Equal(expected, SimulatorAddress.ReadHours(text));
}
