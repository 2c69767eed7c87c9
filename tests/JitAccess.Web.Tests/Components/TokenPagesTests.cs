using AngleSharp.Dom;
using Bunit;
using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Components.Tokens;
using JitAccess.Web.Live;
using JitAccess.Web.Tests.Api;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;

namespace JitAccess.Web.Tests.Components;

/// <summary>The pages over the whole application.</summary>
public sealed class TokenPagesTests : BunitContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public TokenPagesTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new LiveChanges(NullLogger<LiveChanges>.Instance));
        Services.AddSingleton(new Failures(NullLogger<Failures>.Instance));
    }

    [Fact]
    public async Task Device_ShowsWhatAsks_AndOnceConfirmedItStandsUnderTokens_UntilRevoked()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        Use(stage);
        await stage.SignInAsync(TestPeople.Requester);
        var started = await stage.StartAsync("read connect");
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/device?user_code={started.UserCode}");
        IRenderedComponent<DevicePage> page = Page<DevicePage>();
        page.WaitForAssertion(() => Assert.Contains("jit on laptop", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains(started.UserCode, page.Markup, StringComparison.Ordinal);
        Assert.Equal([TokenScopes.Described("read"), TokenScopes.Described("connect")], page.FindAll("li").Select(scope => scope.TextContent));
        await page.InvokeAsync(() => Button(page, "Confirm").ClickAsync(new()));
        page.WaitForAssertion(() => Assert.Contains("The device is signed in", page.Markup, StringComparison.Ordinal), Patience);
        Assert.True((await stage.RedeemAsync(started)).IsSuccessStatusCode);

        IRenderedComponent<TokensPage> tokens = Page<TokensPage>();
        tokens.WaitForAssertion(() => Assert.Contains("jit on laptop", tokens.Markup, StringComparison.Ordinal), Patience);
        await tokens.InvokeAsync(() => Button(tokens, "Revoke").ClickAsync(new()));
        tokens.WaitForAssertion(() => Assert.Contains("No program acts for you", tokens.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Device_WithAWrongCode_IsToldSo_AndMayBeRefused()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        Use(stage);
        var started = await stage.StartAsync();
        IRenderedComponent<DevicePage> page = Page<DevicePage>();
        await page.Find("input").InputAsync("BBBB-BBBB");
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Contains("No device waits", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Patience);
        await page.Find("input").InputAsync(started.UserCode.ToLowerInvariant());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Button(page, "Refuse"), Patience);
        await page.InvokeAsync(() => Button(page, "Refuse").ClickAsync(new()));
        page.WaitForAssertion(() => Assert.Contains("sent away", page.Markup, StringComparison.Ordinal), Patience);
        Assert.False((await stage.RedeemAsync(started)).IsSuccessStatusCode);
    }

    private static IElement Button(IRenderedComponent<IComponent> page, string text) => page.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private void Use(ApiStage stage)
    {
        Services.AddSingleton(stage.Get<DeviceLoginService>());
        Services.AddSingleton(stage.Get<TokenQueries>());
        Services.AddSingleton(stage.Get<TokenService>());
    }

    private IRenderedComponent<T> Page<T>() where T : IComponent => Render<T>(parameters => parameters.AddCascadingValue<Actor>(TestPeople.Requester));
}
