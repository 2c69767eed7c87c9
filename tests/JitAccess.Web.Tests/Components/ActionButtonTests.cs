using Bunit;
using JitAccess.Domain;
using JitAccess.Web.Components.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;

namespace JitAccess.Web.Tests.Components;

public sealed class ActionButtonTests : BunitContext
{
    public ActionButtonTests()
    {
        Services.AddMudServices();
        Services.AddSingleton(new Failures(NullLogger<Failures>.Instance));
    }

    [Fact]
    public async Task ActionButton_PressedTwiceWhileItRuns_ActsOnce()
    {
        int acts = 0;
        TaskCompletionSource done = new();
        IRenderedComponent<ActionButton> button = Shown(() =>
        {
            acts++;
            return done.Task;
        });

        Task first = button.Find("button").ClickAsync();
        button.WaitForAssertion(() => Assert.True(button.Find("button").HasAttribute("disabled")));
        await button.InvokeAsync(button.Instance.RunAsync);
        done.SetResult();
        await first;

        Assert.Equal(1, acts);
        Assert.False(button.Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public async Task ActionButton_ActIsRefused_HandsTheRefusalOnAndCanBePressedAgain()
    {
        Failure? told = null;
        IRenderedComponent<ActionButton> button = Shown(() => throw new RefusedException(RefusalKind.Conflict, "Too late."), failure => told = failure);

        await button.Find("button").ClickAsync();

        Assert.Equal(new Failure("Too late.", RefusalKind.Conflict), told);
        Assert.False(button.Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public async Task ActionButton_ActFails_TellsAnIdAndNothingOfTheError()
    {
        Failure? told = null;
        IRenderedComponent<ActionButton> button = Shown(() => throw new InvalidOperationException("secret"), failure => told = failure);

        await button.Find("button").ClickAsync();

        Assert.Matches("error id [0-9a-f]{8}", told!.Message);
        Assert.DoesNotContain("secret", told.Message, StringComparison.Ordinal);
    }

    private IRenderedComponent<ActionButton> Shown(Func<Task> act, Action<Failure>? onFailure = null) => Render<ActionButton>(parameters => parameters
        .Add(button => button.Act, act)
        .Add(button => button.OnFailure, onFailure ?? (_ => Assert.Fail("No failure was expected.")))
        .AddChildContent("Act"));
}
