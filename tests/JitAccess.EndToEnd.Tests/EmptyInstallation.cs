using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>The first admin's first hour: from no policy to the demo's policies, by forms alone.</summary>
public sealed class EmptyInstallation(EmptySandbox sandbox) : Story(sandbox), IClassFixture<EmptySandbox>
{
    private const string ApproverRole = "jit-approver";

    [Fact]
    public async Task Policies_WrittenInFormsAlone_AreSeenInTheImpactPublishedAndDecide()
    {
        Person requester = await SignInAsync("requester");
        Person approver = await SignInAsync("approver");
        await requester.OpenAsync($"/requests/new?nodes={DefaultWorld.DemoLinux}");
        await requester.SeesAsync("No policy applies to demo-linux");

        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies");
        await admin.SeesAsync("Nothing is published yet");
        await WriteByTagAsync(admin, "deny", "No automatic access to restricted data", "data", "restricted");
        await WriteByTagAsync(admin, "auto", "Open nodes", "access", "auto");
        await WriteManualAsync(admin, "Production", hours: 4, levels: 2, tag: ("env", "prod"));
        await WriteManualAsync(admin, "Demo", hours: 24, levels: 1, tag: ("Name", "demo-linux"));
        await WriteManualAsync(admin, "All nodes of the main account", hours: 8, levels: 1, account: DefaultWorld.MainAccount);
        await WriteManualAsync(admin, "All nodes in Tokyo", hours: 8, levels: 1, region: DefaultWorld.Tokyo);

        // Nothing of it decides before it is published.
        await requester.SeesAsync("No policy applies to demo-linux");
        await admin.OpenAsync("/policies/draft");
        foreach (string name in new[] { "No automatic access to restricted data", "Open nodes", "Production", "Demo", "All nodes of the main account", "All nodes in Tokyo" })
            await Expect(admin.Page.GetByRole(AriaRole.Region, new() { Name = "What changes" })).ToContainTextAsync(name);
        await admin.SeesAsync("24 of 27 pairs change");
        await PublishAsync(admin, 1, "The demo's policies");

        await requester.SeesAsync("“Demo” asks for 1 approval, up to 24 h.");
        Guid manual = await requester.AskAsync(DefaultWorld.DemoLinux, "Look at the queue");
        await requester.SeesAsync("Pending");
        await approver.OpenAsync($"/requests/{manual}");
        await approver.SeesAsync("“Demo” asks for 1 approval");

        await requester.AskAsync(DefaultWorld.DemoLinux2, "Restart the worker");
        await requester.SeesAsync("“Open nodes”");
        await Expect(requester.Button("Connect to demo-linux2")).ToBeVisibleAsync();

        await requester.OpenAsync($"/requests/new?nodes={DefaultWorld.BatchWorker}");
        await requester.SeesAsync("No policy applies to batch-worker-1");
        await requester.OpenAsync($"/requests/new?nodes={DefaultWorld.StagingWeb}");
        await requester.SeesAsync("“All nodes of the main account” asks for 1 approval, up to 8 h.");
        await Expect(requester.Row("No automatic access to restricted data").First).ToContainTextAsync("Blocks automatic approval");
        await Expect(requester.Row("Open nodes").First).ToContainTextAsync("Would have matched, blocked");

        // Two slips that together lock everybody out of production show before they are published.
        await ChangeAsync(admin, "Production", "Tag value 1", "production");
        await admin.OpenAsync("/policies/draft");
        await Expect(admin.Page.GetByText("Nobody can get env=prod any more")).ToBeHiddenAsync();
        await admin.OpenAsync("/policies");
        await admin.Button("More for All nodes in Tokyo").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await admin.SeesAsync("“All nodes in Tokyo” is deleted in the draft.");
        await admin.OpenAsync("/policies/draft");
        await admin.SeesAsync("Nobody can get env=prod any more");
    }

    private static async Task ChangeAsync(Person admin, string policy, string field, string value)
    {
        await admin.OpenAsync("/policies");
        await admin.Link(policy).ClickAsync();
        await admin.Field(field).FillAsync(value);
        await admin.Button("Save to draft").ClickAsync();
        await Expect(admin.Page).ToHaveURLAsync(new Regex("/policies$"));
    }

    private static async Task WriteByTagAsync(Person admin, string kind, string name, string key, string value)
    {
        await admin.OpenAsync($"/policies/new/{kind}");
        await admin.Field("Name").FillAsync(name);
        // The form for automatic access begins with whom it is for, so that nobody gives it to everybody by mistake; here it is meant.
        if (kind == "auto") await admin.Button("Remove who, row 1").ClickAsync();
        await admin.Field("Nodes, row 1: tag key").FillAsync(key);
        await admin.Field("Nodes, row 1: values").FillAsync(value);
        await admin.Field("Nodes, row 1: values").PressAsync("Enter");
        await admin.SeesAsync("Valid in the schema for node access");
        await SaveAsync(admin, name);
    }

    private static async Task WriteManualAsync(Person admin, string name, int hours, int levels, (string Key, string Value)? tag = null, string? account = null, string? region = null)
    {
        await admin.OpenAsync("/policies/new/manual");
        await admin.Field("Name").FillAsync(name);
        await admin.Field("Maximum access duration").FillAsync($"{hours}");
        if (tag is { } pair)
        {
            await admin.Page.GetByLabel("Nodes with any of these tags").CheckAsync();
            await admin.Field("Tag key 1").FillAsync(pair.Key);
            await admin.Field("Tag value 1").FillAsync(pair.Value);
        }
        if (account is not null || region is not null)
        {
            await admin.Button("Narrow by account, Region or platform").ClickAsync();
            ILocator narrow = admin.Page.GetByLabel(account is not null ? "Only in accounts" : "Only in Regions");
            await narrow.FillAsync(account ?? region!);
            await narrow.PressAsync("Enter");
        }
        for (int level = 1; level <= levels; level++)
        {
            if (level > 1) await admin.Button("Add level").ClickAsync();
            await admin.Field($"Add approver to level {level}").FillAsync(ApproverRole);
            await admin.Page.Locator(".found").Filter(new() { HasText = ApproverRole }).Filter(new() { HasText = "IAM role" }).First.ClickAsync();
            await Expect(admin.Button($"Remove {ApproverRole}")).ToHaveCountAsync(level);
        }
        await SaveAsync(admin, name);
    }

    private static async Task SaveAsync(Person admin, string name)
    {
        await admin.Button("Save to draft").ClickAsync();
        await Expect(admin.Link(name)).ToBeVisibleAsync();
    }

    private static async Task PublishAsync(Person admin, int version, string comment)
    {
        await admin.Field("What this version changes, and why").FillAsync(comment);
        await admin.Button($"Publish version {version}").ClickAsync();
        await admin.SeesAsync($"Version {version} is in force.");
    }
}
