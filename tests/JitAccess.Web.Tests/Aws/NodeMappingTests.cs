using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Domain.Nodes;
using JitAccess.Web.Aws;
using Node = JitAccess.Domain.Nodes.Node;
using PingStatus = JitAccess.Domain.Nodes.PingStatus;

namespace JitAccess.Web.Tests.Aws;

public class NodeMappingTests
{
    private static readonly InstanceId Id = InstanceId.Parse("mi-0f1e2d3c4b5a69788");
    private static readonly AwsPlace Place = new(AccountId.Parse("222222222222"), "eu-west-1");

    [Theory]
    [InlineData("tagged", "registered", "host.example", "tagged")]
    [InlineData(null, "registered", "host.example", "registered")]
    [InlineData(" ", "", "host.example", "host.example")]
    [InlineData(null, null, null, "mi-0f1e2d3c4b5a69788")]
    public void Node_Name_IsTheFirstThatIsGiven(string? tag, string? registered, string? computer, string expected)
    {
        InstanceInformation machine = new() { Name = registered, ComputerName = computer };
        Assert.Equal(expected, Map(machine, tag is null ? [] : [("Name", tag)]).Name);
    }

    [Theory]
    [InlineData("Online", PingStatus.Online)]
    [InlineData("ConnectionLost", PingStatus.ConnectionLost)]
    [InlineData("Inactive", PingStatus.Inactive)]
    [InlineData("SomethingNew", PingStatus.Inactive)]
    [InlineData(null, PingStatus.Inactive)]
    public void Node_PingStatus_UnknownIsNotOnline(string? status, PingStatus expected) =>
        Assert.Equal(expected, Map(new InstanceInformation { PingStatus = status }).PingStatus);

    [Fact]
    public void Node_MachineThatSaysNothing_IsStillANode()
    {
        Node node = Map(new InstanceInformation());
        Assert.Equal(("Unknown", "", "", (DateTimeOffset?)null), (node.Platform, node.PlatformName, node.AgentVersion, node.LastPingAt));
        Assert.Equal((Place.Account, Place.Region), (node.Account, node.Region));
    }

    [Fact]
    public void Node_MachineThatSaysEverything_KeepsIt()
    {
        DateTime pinged = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Node node = Map(new InstanceInformation
        {
            PlatformType = "Solaris",
            PlatformName = "Amazon Linux",
            PlatformVersion = "2023",
            AgentVersion = "3.3.987.0",
            LastPingDateTime = pinged,
        });
        Assert.Equal(("Solaris", "Amazon Linux 2023", "3.3.987.0"), (node.Platform, node.PlatformName, node.AgentVersion));
        Assert.Equal(new DateTimeOffset(pinged), node.LastPingAt);
    }

    private static Node Map(InstanceInformation machine, params (string Key, string Value)[] tags) =>
        NodeReader.ToNode(Id, machine, Node.NoTags.SetItems(tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))), Place);
}
