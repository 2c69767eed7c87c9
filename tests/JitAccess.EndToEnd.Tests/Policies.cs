using System.Globalization;
using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed partial class Policies(RunningSandbox sandbox) : Story(sandbox)
{
    private static readonly string[] InOrderOfEvaluation =
        ["No automatic access to restricted data", "Open nodes", "Production", "Demo", "All nodes of the main account", "All nodes in Tokyo"];

    [Fact]
    public async Task ManualPolicy_WrittenInTheForm_DecidesAtOnceUntilItIsDeleted()
    {
        Person requester = await SignInNewAsync();
        await requester.OpenAsync($"/requests/new?nodes={DefaultWorld.EdgeTokyo}");
        await requester.SeesAsync("“All nodes in Tokyo” asks for 1 approval, up to 8 h.");

        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies");
        await Expect(Names(admin)).ToHaveTextAsync(InOrderOfEvaluation);
        int version = await VersionAsync(admin);

        await admin.Button("Add policy").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Manual approval" }).ClickAsync();
        await admin.Field("Name").FillAsync("Edge");
        await admin.Field("Maximum access duration").FillAsync("2");
        await admin.Page.GetByLabel("Nodes with any of these tags").CheckAsync();
        await admin.Field("Tag key 1").FillAsync("env");
        await admin.Field("Tag value 1").FillAsync("edge");
        await Expect(admin.Page.GetByRole(AriaRole.Region, new() { Name = "Matches now" })).ToContainTextAsync("edge-tokyo-1");
        await admin.Field("Add approver to level 1").FillAsync("platform-leads");
        await admin.Page.GetByText("Group").And(admin.Page.Locator(".found .meta")).First.ClickAsync();
        await admin.Button("Publish").ClickAsync();

        await admin.SeesAsync($"Version {version + 1} is in force.");
        await Expect(Names(admin)).ToHaveTextAsync([.. InOrderOfEvaluation[..4], "Edge", .. InOrderOfEvaluation[4..]]);
        Assert.Equal(version + 1, await VersionAsync(admin));
        await requester.SeesAsync("“Edge” asks for 1 approval, up to 2 h.");

        await admin.Button("More for Edge").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Names(admin)).ToHaveTextAsync(InOrderOfEvaluation);
        await requester.SeesAsync("“All nodes in Tokyo” asks for 1 approval, up to 8 h.");
    }

    [Fact]
    public async Task Auditor_ReadsAndChangesNothing()
    {
        Person auditor = await SignInAsync("auditor");
        await auditor.OpenAsync("/policies");
        await Expect(Names(auditor)).ToHaveTextAsync(InOrderOfEvaluation);
        await auditor.SeesAsync("Only admins change policies.");
        await Expect(auditor.Button("Add policy")).ToHaveCountAsync(0);
        await auditor.Link("Production").ClickAsync();
        await Expect(auditor.Field("Name")).ToHaveValueAsync("Production");
        await Expect(auditor.Field("Name")).ToBeDisabledAsync();
        await Expect(auditor.Button("Publish")).ToBeDisabledAsync();
        await Expect(auditor.Button("Delete")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Requester_IsToldWhoSeesThem()
    {
        Person requester = await SignInAsync("requester");
        foreach (string address in new[] { "/policies", "/policies/new/manual" })
        {
            await requester.OpenAsync(address);
            await requester.SeesAsync("Only admins and auditors see this page.");
        }
        await Expect(requester.Link("Policies")).ToHaveCountAsync(0);
    }

    private static ILocator Names(Person person) =>
        person.Page.GetByRole(AriaRole.Region, new() { Name = "Policies in order of evaluation" }).GetByRole(AriaRole.Link);

    private static async Task<int> VersionAsync(Person person) =>
        int.Parse(Version().Match(await person.Page.GetByText(Version()).InnerTextAsync()).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"In force: version (\d+)")]
    private static partial Regex Version();
}
