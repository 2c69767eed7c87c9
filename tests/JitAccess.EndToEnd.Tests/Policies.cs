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
    public async Task ManualPolicy_WrittenInTheForm_DecidesOnceItIsPublishedUntilItIsRolledBack()
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
        await admin.Button("Save to draft").ClickAsync();

        await admin.SeesAsync($"Draft: 1 change since version {version}");
        await Expect(Names(admin)).ToHaveTextAsync([.. InOrderOfEvaluation[..4], "Edge", .. InOrderOfEvaluation[4..]]);
        await Expect(admin.Row("Edge", "New")).ToBeVisibleAsync();
        await requester.SeesAsync("“All nodes in Tokyo” asks for 1 approval, up to 8 h.");

        await PublishAsync(admin, version + 1, "New: “Edge”", "Edge nodes have their own policy.");
        Assert.Equal(version + 1, await VersionAsync(admin));
        await requester.SeesAsync("“Edge” asks for 1 approval, up to 2 h.");

        await admin.Link("Versions").ClickAsync();
        await Expect(admin.Row($"Version {version + 1}")).ToContainTextAsync("Edge nodes have their own policy.");
        await admin.Link($"Version {version}").ClickAsync();
        await admin.Field("Compare with").SelectOptionAsync($"version {version + 1}");
        await admin.SeesAsync("Deleted: “Edge”");
        await admin.Button("Roll back to this version").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await Expect(Comment(admin)).ToHaveValueAsync($"Rolled back to version {version}.");
        await admin.Button($"Publish version {version + 2}").ClickAsync();
        await admin.SeesAsync($"Version {version + 2} is in force.");
        await Expect(Names(admin)).ToHaveTextAsync(InOrderOfEvaluation);
        await requester.SeesAsync("“All nodes in Tokyo” asks for 1 approval, up to 8 h.");
    }

    [Fact]
    public async Task Delete_IsInTheDraftOnly_AndUndoneAtOnce()
    {
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies");
        await admin.Button("More for Demo").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await admin.SeesAsync("“Demo” is deleted in the draft.");
        await Expect(Names(admin)).ToHaveTextAsync([.. InOrderOfEvaluation.Where(name => name != "Demo")]);
        await admin.Button("Undo").ClickAsync();
        await Expect(Names(admin)).ToHaveTextAsync(InOrderOfEvaluation);
        await admin.DoesNotSeeAsync("Discard draft");
    }

    [Fact]
    public async Task Document_DownloadedAndImportedWithAChange_ShowsTheChangeBeforeItIsTaken()
    {
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies");
        int version = await VersionAsync(admin);
        await admin.OpenAsync($"/policies/versions/{version}");
        IDownload download = await admin.Page.RunAndWaitForDownloadAsync(() => admin.Link("YAML").ClickAsync());
        Assert.Equal($"policies-{version}.yaml", download.SuggestedFilename);
        string document = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);

        await admin.OpenAsync("/policies/import");
        await admin.Field("Or paste it here").FillAsync(document.Replace("maximumHours: 24", "maximumHours: 337\n    colour: red", StringComparison.Ordinal));
        await admin.Button("See what it changes").ClickAsync();
        await admin.SeesAsync("“colour” is no field of a manual policy.");
        await admin.SeesAsync("The access duration is 1 to 336 hours.");
        await admin.SeesAsync("Nothing is imported.");

        await admin.Field("Or paste it here").FillAsync(document.Replace("maximumHours: 24", "maximumHours: 12", StringComparison.Ordinal));
        await admin.Button("See what it changes").ClickAsync();
        await admin.SeesAsync("Maximum access lowered from 24 h to 12 h.");
        await admin.Button("Import 1 change into the draft").ClickAsync();
        await Expect(admin.Title($"Publish version {version + 1}")).ToBeVisibleAsync();
        await Expect(admin.Button($"Publish version {version + 1}")).ToBeDisabledAsync();

        await admin.OpenAsync("/policies");
        await admin.Button("Discard draft").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Discard draft" }).ClickAsync();
        await admin.DoesNotSeeAsync("since version");
        Assert.Equal(version, await VersionAsync(admin));
    }

    [Fact]
    public async Task TwoAdmins_TheSecondIsToldAndLosesNoText()
    {
        Person first = await SignInAsync("admin");
        Person second = await SignInNewAsync("admin");
        await first.OpenAsync("/policies");
        await first.Link("Demo").ClickAsync();
        await first.Field("Description optional").FillAsync("Mine, still on the screen");

        await second.OpenAsync("/policies");
        await second.Link("Production").ClickAsync();
        await second.Field("Description optional").FillAsync("Theirs");
        await second.Button("Save to draft").ClickAsync();
        await second.SeesAsync("Draft: 1 change since version");

        await first.SeesAsync("changed the draft meanwhile: Changed “Production”.");
        await Expect(first.Field("Description optional")).ToHaveValueAsync("Mine, still on the screen");
        await first.Button("Save to draft").ClickAsync();
        await Expect(first.Alert).ToContainTextAsync("Nothing was overwritten.");
        await Expect(first.Field("Description optional")).ToHaveValueAsync("Mine, still on the screen");
        await first.Button("Go on").ClickAsync();
        await first.Button("Save to draft").ClickAsync();
        await first.SeesAsync("Draft: 2 changes since version");

        await second.Button("Discard draft").ClickAsync();
        await second.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Discard draft" }).ClickAsync();
        await first.DoesNotSeeAsync("since version");
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
        await Expect(auditor.Button("Save to draft")).ToBeDisabledAsync();
        await Expect(auditor.Button("Delete")).ToHaveCountAsync(0);
        await auditor.OpenAsync("/policies/versions/1");
        await auditor.SeesAsync("It is for nodes with env=prod.");
        await Expect(auditor.Button("Roll back to this version")).ToHaveCountAsync(0);
        await auditor.OpenAsync("/policies/import");
        await Expect(auditor.Button("See what it changes")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Requester_IsToldWhoSeesThem()
    {
        Person requester = await SignInAsync("requester");
        foreach (string address in new[] { "/policies", "/policies/new/manual", "/policies/draft", "/policies/versions", "/policies/versions/1", "/policies/import" })
        {
            await requester.OpenAsync(address);
            await requester.SeesAsync("Only admins and auditors see this page.");
        }
        await Expect(requester.Link("Policies")).ToHaveCountAsync(0);
        IAPIResponse export = await requester.Page.APIRequest.GetAsync("/policies/export");
        Assert.Equal(403, export.Status);
    }

    private static ILocator Comment(Person person) => person.Field("What this version changes, and why");

    private static async Task PublishAsync(Person admin, int number, string change, string comment)
    {
        await admin.Link("Review and publish").ClickAsync();
        await admin.SeesAsync(change);
        await Expect(admin.Button($"Publish version {number}")).ToBeDisabledAsync();
        await Comment(admin).FillAsync(comment);
        await admin.Button($"Publish version {number}").ClickAsync();
        await admin.SeesAsync($"Version {number} is in force.");
    }

    private static ILocator Names(Person person) =>
        person.Page.GetByRole(AriaRole.Region, new() { Name = "Policies in order of evaluation" }).GetByRole(AriaRole.Link);

    private static async Task<int> VersionAsync(Person person) =>
        int.Parse(Version().Match(await person.Page.GetByText(Version()).InnerTextAsync()).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"In force: version (\d+)")]
    private static partial Regex Version();
}
