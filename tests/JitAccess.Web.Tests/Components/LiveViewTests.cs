using Bunit;
using JitAccess.Domain;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitAccess.Web.Tests.Components;

public sealed class LiveViewTests : BunitContext
{
    private readonly LiveChanges changes = new(NullLogger<LiveChanges>.Instance);

    public LiveViewTests()
    {
        Services.AddSingleton(changes);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new Failures(NullLogger<Failures>.Instance));
    }

    [Fact]
    public void LiveView_SomethingItShowsChanges_LoadsAgain()
    {
        int loads = 0;
        IRenderedComponent<LiveView<int>> view = Shown(_ => Task.FromResult(++loads), ChangeTopic.Requests);
        view.WaitForAssertion(() => view.MarkupMatches("<p>1</p>"));

        changes.Publish(new Change(ChangeTopic.Requests, "any"));

        view.WaitForAssertion(() => view.MarkupMatches("<p>2</p>"));
    }

    [Fact]
    public void LiveView_ManyChangesWhileItLoads_AreShownByOneMoreLoad()
    {
        int loads = 0;
        TaskCompletionSource first = new();
        IRenderedComponent<LiveView<int>> view = Shown(async _ =>
        {
            if (++loads == 1) await first.Task;
            return loads;
        }, ChangeTopic.Requests);

        for (int change = 0; change < 20; change++) changes.Publish(new Change(ChangeTopic.Requests, "any"));
        first.SetResult();

        view.WaitForAssertion(() => view.MarkupMatches("<p>2</p>"));
        Assert.Equal(2, loads);
    }

    [Fact]
    public void LiveView_ReloadFails_KeepsWhatItShowsAndSaysSo()
    {
        bool isAway = false;
        IRenderedComponent<LiveView<int>> view = Shown(_ => isAway ? throw new TimeoutException("secret") : Task.FromResult(1), ChangeTopic.Requests);
        view.WaitForAssertion(() => view.MarkupMatches("<p>1</p>"));

        isAway = true;
        changes.Publish(new Change(ChangeTopic.Requests, "any"));

        view.WaitForAssertion(() => Assert.Contains("cannot reach its database", view.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("1", view.FindAll("p")[^1].TextContent);
        Assert.DoesNotContain("secret", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void LiveView_NotThePersonsOwn_LooksLikeNotThere()
    {
        IRenderedComponent<LiveView<int>> view = Shown(_ => throw RefusedException.NotFound("request"), ChangeTopic.None);

        view.WaitForAssertion(() => Assert.Contains("This request does not exist.", view.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void LiveView_QueryChanges_LoadsForTheNewOne()
    {
        string asked = "a";
        IRenderedComponent<LiveView<string>> view = Render<LiveView<string>>(parameters => parameters
            .Add(one => one.Load, _ => Task.FromResult(asked))
            .Add(one => one.Query, asked)
            .Add(one => one.ChildContent, value => $"<p>{value}</p>"));
        view.WaitForAssertion(() => view.MarkupMatches("<p>a</p>"));

        asked = "b";
        view.Render(parameters => parameters.Add(one => one.Query, asked));

        view.WaitForAssertion(() => view.MarkupMatches("<p>b</p>"));
    }

    private IRenderedComponent<LiveView<int>> Shown(Func<CancellationToken, Task<int>> load, ChangeTopic on) => Render<LiveView<int>>(parameters => parameters
        .Add(view => view.Load, load)
        .Add(view => view.On, on)
        .Add(view => view.ChildContent, value => $"<p>{value}</p>"));
}
