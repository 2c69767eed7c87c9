using JitAccess.Web.Components.Shared;

namespace JitAccess.Web.Tests.Components;

public sealed class WordsTests
{
    [Theory]
    [InlineData(30, "30 min")]
    [InlineData(60, "1 h")]
    [InlineData(90, "1 h 30 min")]
    [InlineData(24 * 60, "24 h")]
    [InlineData(7 * 24 * 60, "7 days")]
    [InlineData(50 * 60, "50 h")]
    public void For_AnyDuration_SaysItAsPeopleDo(int minutes, string expected) => Assert.Equal(expected, Words.For(TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData(0, "0 nodes")]
    [InlineData(1, "1 node")]
    [InlineData(14, "14 nodes")]
    public void Count_AnyNumber_HasTheRightForm(int number, string expected) => Assert.Equal(expected, Words.Count(number, "node"));
}
