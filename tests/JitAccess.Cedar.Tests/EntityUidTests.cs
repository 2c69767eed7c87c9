namespace JitAccess.Cedar.Tests;

public sealed class EntityUidTests
{
    [Theory]
    [InlineData("i-1", """AWS::EC2::Instance::"i-1" """)]
    [InlineData("", """AWS::EC2::Instance::"" """)]
    [InlineData("a\"b\\c", """AWS::EC2::Instance::"a\"b\\c" """)]
    [InlineData("\n\r\t\0\u001b", """AWS::EC2::Instance::"\n\r\t\0\u{1b}" """)]
    [InlineData("東京 🗼::\"x\"", """AWS::EC2::Instance::"東京 🗼::\"x\"" """)]
    public void EntityUid_WithAnyId_IsWrittenEscapedAndReadBack(string id, string written)
    {
        var uid = new EntityUid("AWS::EC2::Instance", id);

        Assert.Equal(written.TrimEnd(), uid.ToString());
        Assert.Equal(uid, EntityUid.Parse(uid.ToString()));
    }

    [Theory]
    [InlineData("""User::"\x41\u{1F5FC}\'" """, "A🗼'")]
    public void EntityUid_WithOtherEscapes_IsRead(string written, string id) =>
        Assert.Equal(new EntityUid("User", id), EntityUid.Parse(written.TrimEnd()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("User")]
    [InlineData("User::")]
    [InlineData("User::\"")]
    [InlineData("::\"a\"")]
    [InlineData("1User::\"a\"")]
    [InlineData("AWS::::User::\"a\"")]
    [InlineData("User::\"a")]
    [InlineData("User::\"a\\\"")]
    [InlineData("User::\"a\"b\"")]
    [InlineData("User::\"\\q\"")]
    [InlineData("User::\"\\xFF\"")]
    [InlineData("User::\"\\u{D800}\"")]
    [InlineData("User::\"\\u{110000}\"")]
    [InlineData("User::\"\\u{}\"")]
    public void EntityUid_NotWrittenAsTypeAndId_IsRefused(string? text) => Assert.False(EntityUid.TryParse(text, out _));

    [Fact]
    public void EntityUid_AsTheEngineReadsIt_IsTheSameEntity()
    {
        var uid = new EntityUid("AWS::EC2::Instance", "\"東京\"\n\t\\🗼\u0007'");
        var policies = NodeAccess.Policies(("same", $"permit (principal, action, resource == {uid});"));

        var result = NodeAccess.Engine.Authorize(policies, Entities.Empty, NodeAccess.Request with { Resource = uid });

        Assert.Equal(Decision.Allow, result.Decision);
    }
}
