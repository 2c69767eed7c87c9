using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>An auditor follows what somebody did, checks that it is what was written, and takes it away as a file.</summary>
public sealed class Audits(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Auditor_FiltersOpensVerifiesAndTakesAFile()
    {
        Person requester = await SignInNewAsync();
        Person auditor = await SignInAsync("auditor");
        await auditor.OpenAsync("/audit");
        await Expect(auditor.Title("Audit")).ToBeVisibleAsync();
        await auditor.Field("Person").FillAsync(requester.Name);
        await auditor.Field("Person").PressAsync("Enter");
        await auditor.SeesAsync("No entry matches");

        // The auditor's page is not loaded anew from here on.
        Guid request = await requester.AskAsync(DefaultWorld.DemoLinux2, "Read the logs for CHG-4711");
        ILocator row = auditor.Row(requester.Name, "demo-linux2", "CHG-4711");
        await Expect(row).ToContainTextAsync("Request approved automatically");
        await Expect(row).ToContainTextAsync("block");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await auditor.SeesAsync("role/jit-requester");
        await auditor.SeesAsync("\"status\": \"Approved\"");
        await Expect(auditor.Page.GetByRole(AriaRole.Link, new() { Name = "Request" }).And(auditor.Page.Locator($"[href='requests/{request}']"))).ToBeVisibleAsync();

        await requester.ReturnGrantAsync("demo-linux2");
        await auditor.SeesAsync("1 new entry");
        await auditor.Button("Show").ClickAsync();
        await Expect(auditor.Row(requester.Name, "Grant returned")).ToBeVisibleAsync();

        await auditor.ButtonThatBegins("Verify").ClickAsync();
        await auditor.SeesAsync("as written.");

        await auditor.Button("Export").ClickAsync();
        string[] lines = await DownloadAsync(auditor, auditor.Page.GetByText("JSON Lines, as stored"));
        Assert.Equal(3, lines.Length);
        Assert.Contains(request.ToString(), lines[0], StringComparison.Ordinal);
        Assert.Equal("""{"end":true,"entries":2}""", lines[2]);
        Assert.Contains("jitaccess-audit-proof-1", string.Join('\n', await DownloadAsync(auditor, auditor.Link("Proof"))), StringComparison.Ordinal);

        await requester.OpenAsync("/audit");
        await requester.SeesAsync("This page does not exist.");
        await Expect(requester.Link("Audit")).ToHaveCountAsync(0);
        foreach (string address in new[] { "/audit/export.csv", "/audit/export.jsonl", "/audit/export.ocsf.jsonl", $"/audit/entries/{Guid.NewGuid()}/proof" })
            Assert.Equal(404, (await requester.Page.APIRequest.GetAsync(new Uri(new Uri(requester.Page.Url), address).AbsoluteUri)).Status);
    }

    private static async Task<string[]> DownloadAsync(Person auditor, ILocator link)
    {
        IDownload download = await auditor.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        return await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
    }
}
