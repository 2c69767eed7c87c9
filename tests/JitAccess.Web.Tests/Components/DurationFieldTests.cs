using Bunit;
using JitAccess.Web.Components.Requests;
using MudBlazor.Services;

namespace JitAccess.Web.Tests.Components;

public sealed class DurationFieldTests : BunitContext
{
    [Theory]
    [InlineData(1, "30 min", "1 h")]
    [InlineData(4, "30 min", "1 h", "2 h", "4 h")]
    [InlineData(3, "30 min", "1 h", "2 h", "3 h")]
    [InlineData(24, "2 h", "4 h", "8 h", "24 h")]
    public void DurationField_AnyMaximum_OffersNothingLongerAndStartsAtIt(int hours, params string[] expected)
    {
        IRenderedComponent<DurationField> field = Shown(TimeSpan.FromHours(hours));

        Assert.Equal([.. expected, "Other"], field.FindAll("button").Select(button => button.TextContent));
        Assert.Equal(expected[^1], field.Find("[aria-pressed=true]").TextContent);
    }

    [Fact]
    public async Task DurationField_ShorterIsChosen_TellsIt()
    {
        TimeSpan? chosen = null;
        IRenderedComponent<DurationField> field = Shown(TimeSpan.FromHours(4), value => chosen = value);

        await field.FindAll("button").First(button => button.TextContent == "1 h").ClickAsync();

        Assert.Equal(TimeSpan.FromHours(1), chosen);
    }

    [Theory]
    [InlineData(30, 24, true)]
    [InlineData(90, 4, true)]
    [InlineData(120, 4, false)]
    [InlineData(240, 4, false)]
    public void DurationField_LengthFromElsewhere_IsShownAsItIs(int minutes, int maximum, bool other)
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;

        IRenderedComponent<DurationField> field = Render<DurationField>(parameters => parameters
            .Add(one => one.Maximum, TimeSpan.FromHours(maximum))
            .Add(one => one.Value, TimeSpan.FromMinutes(minutes)));

        Assert.Equal(other, field.Find("[aria-pressed=true]").TextContent == "Other");
        Assert.Equal(other ? [$"{minutes}"] : [], field.FindAll("input").Select(input => input.GetAttribute("value")));
    }

    private IRenderedComponent<DurationField> Shown(TimeSpan maximum, Action<TimeSpan?>? onChosen = null) => Render<DurationField>(parameters => parameters
        .Add(field => field.Maximum, maximum)
        .Add(field => field.ValueChanged, onChosen ?? (_ => { })));
}
