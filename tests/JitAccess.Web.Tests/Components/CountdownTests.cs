using Bunit;
using JitAccess.Web.Components.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JitAccess.Web.Tests.Components;

public sealed class CountdownTests : BunitContext
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Start);

    public CountdownTests() => Services.AddSingleton<TimeProvider>(clock);

    [Fact]
    public void Countdown_TimePasses_TurnsFromScheduledToEnded()
    {
        IRenderedComponent<Countdown> countdown = Shown(Start.AddHours(1), Start.AddHours(2));
        Assert.Equal("Scheduled", countdown.Markup);

        Assert.Equal("Active", After(countdown, TimeSpan.FromHours(1)));
        Assert.Equal("EndsSoon", After(countdown, TimeSpan.FromMinutes(55)));
        Assert.Equal("Ended", After(countdown, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Countdown_LastsLongerThanATimerCan_StillTurns()
    {
        IRenderedComponent<Countdown> countdown = Shown(Start, Start.AddDays(60));

        for (int day = 0; day < 60; day++) clock.Advance(TimeSpan.FromDays(1));

        countdown.WaitForAssertion(() => Assert.Equal("Ended", countdown.Markup));
    }

    [Fact]
    public void Countdown_EndMovesLater_IsActiveAgain()
    {
        IRenderedComponent<Countdown> countdown = Shown(Start.AddHours(-1), Start.AddMinutes(2));
        Assert.Equal("EndsSoon", countdown.Markup);

        countdown.Render(parameters => parameters.Add(one => one.EndsAt, Start.AddHours(2)));

        Assert.Equal("Active", countdown.Markup);
    }

    private string After(IRenderedComponent<Countdown> countdown, TimeSpan time)
    {
        string before = countdown.Markup;
        clock.Advance(time);
        countdown.WaitForState(() => countdown.Markup != before);
        return countdown.Markup;
    }

    private IRenderedComponent<Countdown> Shown(DateTimeOffset startsAt, DateTimeOffset endsAt) => Render<Countdown>(parameters => parameters
        .Add(one => one.StartsAt, startsAt)
        .Add(one => one.EndsAt, endsAt)
        .Add(one => one.ChildContent, phase => phase.ToString()));
}
