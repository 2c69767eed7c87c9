using JitAccess.Domain.People;

namespace JitAccess.Domain.Tests.People;

public sealed class RoleArnTests
{
    [Theory]
    [InlineData("arn:aws:iam::111111111111:role/jit-approver", "111111111111", "jit-approver")]
    [InlineData("arn:aws:iam::111111111111:role/ops/night/jit-approver", "111111111111", "jit-approver")]
    [InlineData("arn:aws-cn:iam::222222222222:role/a", "222222222222", "a")]
    [InlineData("arn:aws-us-gov:iam::222222222222:role/A_b+c=d,e.f@g-1", "222222222222", "A_b+c=d,e.f@g-1")]
    [InlineData("arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b", "111111111111", "AWSReservedSSO_Admin_0a1b")]
    public void Parse_OfARole_KnowsAccountAndName(string text, string account, string name)
    {
        RoleArn arn = RoleArn.Parse(text);

        Assert.Equal((text, text, account, name), (arn.Value, arn.ToString(), arn.Account.Value, arn.Name));
        Assert.Equal(arn, RoleArn.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("jit-approver")]
    [InlineData("arn:aws:iam::111111111111:user/alice")]
    [InlineData("arn:aws:iam::111111111111:role/")]
    [InlineData("arn:aws:iam::111111111111:role/ops/")]
    [InlineData("arn:aws:iam::11111111111:role/jit-approver")]
    [InlineData("arn:aws:iam::١١١١١١١١١١١١:role/jit-approver")]
    [InlineData("arn:aws:iam::111111111111:role/jit-appr\u043Ever")]
    [InlineData("arn:aws:iam::111111111111:role/jit approver")]
    [InlineData("arn:aws:iam::111111111111:role/jit-approver\n")]
    [InlineData("arn:aws:iam:eu-west-1:111111111111:role/jit-approver")]
    [InlineData("arn:aws:sts::111111111111:assumed-role/jit-approver/alice")]
    [InlineData("arn:other:iam::111111111111:role/jit-approver")]
    public void TryParse_OfSomethingElse_IsFalse(string? text)
    {
        Assert.False(RoleArn.TryParse(text, out RoleArn? arn));
        Assert.Null(arn);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void TryParse_OfANameLength_IsUpTo64(int length, bool valid) =>
        Assert.Equal(valid, RoleArn.TryParse($"arn:aws:iam::111111111111:role/{new string('r', length)}", out _));

    [Fact]
    public void Parse_OfSomethingElse_SaysWhatItLooksLike() =>
        Assert.Equal("“admin” is not the ARN of an IAM role. It looks like arn:aws:iam::111111111111:role/jit-approver.", Assert.Throws<FormatException>(() => RoleArn.Parse("admin")).Message);
}
