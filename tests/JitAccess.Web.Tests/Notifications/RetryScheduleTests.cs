using JitAccess.Web.Notifications;

namespace JitAccess.Web.Tests.Notifications;

public sealed class RetryScheduleTests
{
    [Fact]
    public void After_GrowsFromSecondsToADay_ThenGivesUp()
    {
        TimeSpan[] pauses = [.. Enumerable.Range(1, RetrySchedule.Most - 1).Select(tries => RetrySchedule.After(tries, null, 0)!.Value)];
        Assert.Equal(TimeSpan.FromSeconds(5), pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses.Aggregate(TimeSpan.Zero, (all, one) => all + one), TimeSpan.FromHours(20), TimeSpan.FromHours(24));
        Assert.Null(RetrySchedule.After(RetrySchedule.Most, null, 0));
        Assert.Null(RetrySchedule.After(RetrySchedule.Most + 1, TimeSpan.FromMinutes(1), 0));
    }

    [Theory]
    [InlineData(1, null, 0, 5)]
    [InlineData(1, null, 1, 5.5)]
    [InlineData(1, 40, 0, 40)]
    [InlineData(1, 2, 0, 5)]
    [InlineData(1, -100, 0, 5)]
    [InlineData(1, 1_000_000, 0, 3600)]
    [InlineData(8, 60, 0, 14_400)]
    public void After_WaitsForWhatWasAsked_WithinBounds(int tries, int? askedSeconds, double spread, double expectedSeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), RetrySchedule.After(tries, askedSeconds is { } asked ? TimeSpan.FromSeconds(asked) : null, spread));
}
