using System.Text.RegularExpressions;
using JitAccess.Domain.Policies;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class BadInput(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Reason_EmptyBlankOrTooLong_IsSaidBesideTheSubmit()
    {
        Person requester = await SignInNewAsync();
        await requester.FillRequestAsync(DefaultWorld.DemoLinux, "");
        ILocator submit = requester.Button("Submit request");
        foreach ((string reason, string words) in new[]
        {
            ("", "Say why you need access: a reason is required, 1 to 256 characters."),
            ("    ", "Say why you need access: a reason is required, 1 to 256 characters."),
            (new string('x', 257), "The reason has 257 characters; at most 256 are allowed. Shorten it."),
        })
        {
            await requester.Field("Reason").FillAsync(reason);
            await Expect(submit).ToHaveAccessibleDescriptionAsync(words);
            await Expect(submit).ToBeDisabledAsync();
        }
        await requester.Field("Reason").FillAsync(new string('x', 256));
        await Expect(submit).ToBeEnabledAsync();
        Assert.Equal(0, await Sandbox.RequestsOfAsync(requester));
    }

    [Fact]
    public async Task Address_OfANodeThatIsNotKnown_IsAnsweredInWords()
    {
        Person requester = await SignInNewAsync();
        await requester.OpenAsync("/requests/new?nodes=i-00000000000000000");
        await requester.SeesAsync("No node i-00000000000000000 is known.");
        await Expect(requester.Button("Submit request")).ToBeDisabledAsync();
        await requester.OpenAsync("/requests/new?nodes=%3Cb%3Enonsense");
        await requester.SeesAsync("Not known here, so left out: <b>nonsense.");
        await requester.IsUnharmedAsync();
    }

    [Fact]
    public async Task Address_OfARequest_DoesNotTellUnknownFromSomebodyElses()
    {
        Person owner = await SignInNewAsync();
        Guid request = await owner.AskAsync(DefaultWorld.DemoLinux, "Mine");
        Person other = await SignInNewAsync();
        foreach (Guid id in new[] { request, Guid.NewGuid() })
        {
            await other.OpenAsync($"/requests/{id}");
            await other.SeesAsync("This request does not exist.");
            await other.DoesNotSeeAsync("demo-linux");
        }
        await other.OpenAsync($"/sessions/{Guid.NewGuid()}");
        await other.SeesAsync("This session does not exist.");
        await other.OpenAsync("/requests/nonsense");
        await other.SeesAsync("This page does not exist.");
    }

    [Fact]
    public async Task SecondRequest_WhileTheFirstIsPending_LinksToIt()
    {
        Person requester = await SignInNewAsync();
        Guid first = await requester.AskAsync(DefaultWorld.DemoLinux, "Look why the demo is slow");
        await requester.FillRequestAsync(DefaultWorld.DemoLinux, "Look once more");
        await Expect(requester.Button("Submit request")).ToBeDisabledAsync();
        await Expect(requester.Button("Submit request")).ToHaveAccessibleDescriptionAsync(new Regex("^Your request for demo-linux is pending already."));
        await requester.Link("Open it").ClickAsync();
        Assert.Equal(first, await requester.ArrivesAtRequestAsync());
        await Expect(requester.Heading("Waiting")).ToBeVisibleAsync();
        Assert.Equal(1, await Sandbox.RequestsOfAsync(requester));
    }

    [Fact]
    public async Task Cedar_ThatDoesNotParse_IsShownWithItsLineAndNotPublished()
    {
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies/new/deny");
        await admin.Field("Name").FillAsync("Broken");
        await admin.Button("Cedar").ClickAsync();
        await admin.Field("Cedar statements").FillAsync("forbid (\n  principal,\n  action\n  resource\n);");
        await admin.SeesAsync("Line 4, column 3:");
        await admin.Button("Save to draft").ClickAsync();
        await Expect(admin.Alert.First).ToBeVisibleAsync();
        await Expect(admin.Field("Cedar statements")).ToContainTextAsync("forbid (");
        await admin.IsUnharmedAsync();
        await admin.OpenAsync("/policies");
        await Expect(admin.Link("Open nodes")).ToBeVisibleAsync();
        await Expect(admin.Link("Broken")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Cedar_OfAMegabyte_IsNotTakenAndNothingIsLost()
    {
        const string written = "forbid (principal, action, resource);";
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies/new/deny");
        await admin.Button("Cedar").ClickAsync();
        ILocator field = admin.Field("Cedar statements");
        await field.FillAsync(written);
        await admin.SeesAsync("Valid in the schema for node access");

        await PasteAsync(field, new string('x', 1024 * 1024));
        await Expect(admin.Alert).ToContainTextAsync("at most 65,536 are allowed. Nothing was changed.");
        await Expect(field).ToHaveTextAsync(written);

        // The longest text that is taken, of the characters that make the longest message.
        await field.FillAsync("");
        await PasteAsync(field, new string('\0', PolicyRules.MaximumCedarLength));
        await admin.SeesAsync("Line 1, column 1:");
        await field.FillAsync("");
        await PasteAsync(field, $"forbid (principal, action, resource) when {{ {new string('(', 10_000)}true{new string(')', 10_000)} }};");
        await admin.SeesAsync("nested too deeply");
        await field.FillAsync(written);
        await admin.SeesAsync("Valid in the schema for node access");
        await admin.IsUnharmedAsync();
    }

    private static async Task PasteAsync(ILocator field, string text) => await field.EvaluateAsync("""
        (field, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }
        """, text);
}
