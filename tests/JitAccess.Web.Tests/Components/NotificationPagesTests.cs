using Bunit;
using JitAccess.Domain.People;
using JitAccess.Web.Components.Notifications;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Live;
using JitAccess.Web.Notifications;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;

namespace JitAccess.Web.Tests.Components;

/// <summary>The pages over a real database.</summary>
public sealed class NotificationPagesTests : BunitContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public NotificationPagesTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new LiveChanges(NullLogger<LiveChanges>.Instance));
        Services.AddSingleton(new Failures(NullLogger<Failures>.Instance));
    }

    [Fact]
    public async Task Notifications_AChoice_IsKeptAtOnce_AndOneMadeOnAStalePageIsNot()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = Use(world);
        IRenderedComponent<NotificationsPage> page = Page<NotificationsPage>(TestPeople.Requester);
        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll("input[type=checkbox][checked]").Count), Patience);
        await page.InvokeAsync(() => page.Find("input").ChangeAsync(false));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("input[checked]").Count), Patience);
        Assert.Equal([NoticeTopic.WaitsForMe], (await process.Get<PreferenceQueries>().MineAsync(TestPeople.Requester, TestWorld.Cancellation)).Muted);

        await process.Get<PreferenceService>().SaveAsync(TestPeople.Requester, new HashSet<NoticeTopic>(), 1, TestWorld.Cancellation);
        await page.InvokeAsync(() => page.Find("input").ChangeAsync(true));
        page.WaitForAssertion(() => Assert.Contains("changed meanwhile", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Channels_ShowWhatFails_AndSendItAgain()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = Use(world);
        await process.Get<ChannelService>().SendTestAsync(TestPeople.Admin, "email", TestWorld.Cancellation);
        await process.DeliverAsync();
        IRenderedComponent<ChannelsPage> page = Page<ChannelsPage>(TestPeople.Admin);
        page.WaitForAssertion(() => Assert.Contains("failing since", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("e-mail to admin@example.com", page.Markup, StringComparison.Ordinal);
        Assert.Contains("The mail server could not be used", page.Markup, StringComparison.Ordinal);

        IRenderedComponent<FailingChannels> note = Page<FailingChannels>(TestPeople.Admin);
        note.WaitForAssertion(() => Assert.Contains("Messages do not go out by e-mail.", note.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(Page<FailingChannels>(TestPeople.Approver).Markup.Trim());

        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Trim() == "Send again").ClickAsync(new()));
        Assert.Equal(["Waiting"], await world.QueryAsync("select state from deliveries"));
    }

    [Fact]
    public async Task Channels_ForNobodyButAdmins_Exist()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Use(world);
        IRenderedComponent<ChannelsPage> page = Page<ChannelsPage>(TestPeople.Auditor);
        page.WaitForAssertion(() => Assert.Contains("This page does not exist.", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("e-mail", page.Markup, StringComparison.Ordinal);
    }

    // Nothing listens on that port, so that what is sent fails.
    private TestProcess Use(TestWorld world)
    {
        TestProcess process = world.AnotherProcess(settings: TestChannels.Email(1));
        Services.AddSingleton(process.Get<PreferenceQueries>());
        Services.AddSingleton(process.Get<PreferenceService>());
        Services.AddSingleton(process.Get<ChannelQueries>());
        Services.AddSingleton(process.Get<ChannelService>());
        return process;
    }

    private IRenderedComponent<T> Page<T>(Actor actor) where T : Microsoft.AspNetCore.Components.IComponent =>
        Render<T>(parameters => parameters.AddCascadingValue(actor));
}
