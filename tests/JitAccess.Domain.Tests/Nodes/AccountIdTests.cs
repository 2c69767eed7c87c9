using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Tests.Nodes;

public sealed class AccountIdTests
{
    [Theory]
    [InlineData("111111111111", true)]
    [InlineData("000000000001", true)]
    [InlineData("11111111111", false)]
    [InlineData("1111111111111", false)]
    [InlineData("11111111111a", false)]
    [InlineData("-11111111111", false)]
    [InlineData("١١١١١١١١١١١١", false)]
    [InlineData("11111111111\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_OfAText_IsTrueForTwelveDigits(string? text, bool valid)
    {
        Assert.Equal(valid, AccountId.TryParse(text, out AccountId id));
        if (valid) Assert.Equal((text, text, id), (id.Value, id.ToString(), AccountId.Parse(text!)));
    }

    [Fact]
    public void Parse_OfSomethingElse_SaysWhatItIsNot() =>
        Assert.Equal("“main” is not an AWS account id: twelve digits.", Assert.Throws<FormatException>(() => AccountId.Parse("main")).Message);
}
