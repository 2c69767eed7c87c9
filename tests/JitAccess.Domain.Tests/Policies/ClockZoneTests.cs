using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

/// <summary>Days and hours in a zone, around the nights on which the clocks change.</summary>
public sealed class ClockZoneTests
{
    [Theory]
    [InlineData("UTC", "2026-11-24T08:30:00Z", "Tue", 510)]
    [InlineData("Europe/Berlin", "2026-11-24T08:30:00Z", "Tue", 570)]
    [InlineData("Asia/Tokyo", "2026-11-24T15:30:00Z", "Wed", 30)]
    [InlineData("America/Los_Angeles", "2026-11-24T07:59:00Z", "Mon", 1439)]
    [InlineData("Asia/Kolkata", "2026-11-22T18:30:00Z", "Mon", 0)]
    // Europe springs forward on 29 March 2026 at 01:00 UTC: 02:00 to 02:59 do not exist.
    [InlineData("Europe/Berlin", "2026-03-29T00:59:59Z", "Sun", 119)]
    [InlineData("Europe/Berlin", "2026-03-29T01:00:00Z", "Sun", 180)]
    // Europe falls back on 25 October 2026 at 01:00 UTC: 02:00 to 02:59 come twice.
    [InlineData("Europe/Berlin", "2026-10-25T00:30:00Z", "Sun", 150)]
    [InlineData("Europe/Berlin", "2026-10-25T01:30:00Z", "Sun", 150)]
    [InlineData("Europe/Berlin", "2026-10-25T02:00:00Z", "Sun", 180)]
    public void At_AnyInstant_IsTheTimeOnTheWall(string zone, string instant, string weekday, int minute)
    {
        Assert.True(ClockZone.TryFind(zone, out ClockZone? clock));
        Assert.Equal(new LocalTime(weekday, minute), clock.At(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Europe/Atlantis")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe/Berlin\0")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("europe/berlin")]
    public void TryFind_NoIanaName_IsNotFound(string name) => Assert.False(ClockZone.TryFind(name, out _));
}
