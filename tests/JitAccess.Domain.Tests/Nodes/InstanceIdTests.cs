using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Tests.Nodes;

public sealed class InstanceIdTests
{
    [Theory]
    [InlineData("i-0a1b2c3d4e5f60718", true, false)]
    [InlineData("i-0a1b2c3d", true, false)]
    [InlineData("mi-0f1e2d3c4b5a69788", true, true)]
    [InlineData("mi-0f1e2d3c", false, false)]
    [InlineData("i-0a1b2c3d4e5f6071", false, false)]
    [InlineData("i-0a1b2c3d4e5f607181", false, false)]
    [InlineData("i-0A1B2C3D4E5F60718", false, false)]
    [InlineData("I-0a1b2c3d4e5f60718", false, false)]
    [InlineData("i-0a1b2c3d4e5f6071g", false, false)]
    [InlineData("i-0a1b2c3d4e5f60718\n", false, false)]
    [InlineData(" i-0a1b2c3d4e5f60718", false, false)]
    [InlineData("i-٠a1b2c3d4e5f60718", false, false)]
    [InlineData("xmi-0f1e2d3c4b5a69788", false, false)]
    [InlineData("demo-linux", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void TryParse_OfAText_IsAsTheTableSays(string? text, bool valid, bool hybrid)
    {
        Assert.Equal(valid, InstanceId.TryParse(text, out InstanceId id));
        if (valid) Assert.Equal((text, text, hybrid, id), (id.Value, id.ToString(), id.IsHybrid, InstanceId.Parse(text!)));
        else Assert.Equal(default, id);
    }

    [Fact]
    public void Parse_OfSomethingElse_SaysWhatAnIdLooksLike() =>
        Assert.Equal("“demo” is not the id of a node. It looks like i-0a1b2c3d4e5f60718 or mi-0f1e2d3c4b5a69788.", Assert.Throws<FormatException>(() => InstanceId.Parse("demo")).Message);
}
