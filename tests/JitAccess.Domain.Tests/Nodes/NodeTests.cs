using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Tests.Nodes;

public sealed class NodeTests
{
    [Fact]
    public void Described_WithTags_NamesAllButTheName() =>
        Assert.Equal("demo-linux (app=shop, env=prod)", Given.Node("Name=demo-linux", "env=prod", "app=shop").Described);

    [Fact]
    public void Described_WithoutTags_SaysSo() => Assert.Equal("demo-linux (no tags)", Given.Node("Name=demo-linux").Described);

    [Theory]
    [InlineData(PingStatus.Online, true)]
    [InlineData(PingStatus.ConnectionLost, false)]
    [InlineData(PingStatus.Inactive, false)]
    public void CanBeReached_ByPingStatus_IsTrueWhenOnline(PingStatus status, bool reachable)
    {
        Ruling ruling = (Given.Node() with { PingStatus = status }).CanBeReached();

        Assert.Equal(reachable, ruling.IsAllowed);
        if (!reachable) Assert.Equal(RefusalKind.Unavailable, Assert.Throws<RefusedException>(ruling.ThrowIfRefused).Kind);
    }
}
