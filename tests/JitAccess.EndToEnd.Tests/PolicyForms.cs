using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed partial class PolicyForms(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Conditions_AndCedar_AreTheSamePolicy()
    {
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies/new/auto");
        await admin.SeesAsync("Not in the policy yet: Choose at least one group, or remove the row.");
        await AddAsync(admin.Field("Who, row 1: groups"), "engineering");
        await admin.Field("Nodes, row 1: tag key").FillAsync("env");
        await AddAsync(admin.Field("Nodes, row 1: values"), "dev", "staging");
        await admin.Button("Add time condition").ClickAsync();
        await admin.Button("Sat").ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Region, new() { Name = "Matches now" })).ToContainTextAsync("staging-web-1");
        await Expect(admin.Field("The conditions in Cedar")).ToContainTextAsync("""["dev", "staging"].contains(resource.getTag("env"))""");

        await admin.Button("Cedar").ClickAsync();
        ILocator text = admin.Field("Cedar statements");
        string cedar = Lines().Replace(await text.InnerTextAsync(), "\n");
        Assert.Contains("Sat", cedar, StringComparison.Ordinal);
        await admin.SeesAsync("Valid in the schema for node access");
        await text.FillAsync(cedar.Replace("\"dev\", ", "", StringComparison.Ordinal).Replace("engineering", "operations", StringComparison.Ordinal));
        await admin.SeesAsync("Valid in the schema for node access");
        await admin.Button("Conditions").ClickAsync();
        await Expect(admin.Button("Remove operations")).ToBeVisibleAsync();
        await Expect(admin.Button("Remove dev")).ToHaveCountAsync(0);

        await admin.Button("Cedar").ClickAsync();
        await text.FillAsync("// Only for now.\n" + await text.InnerTextAsync());
        await admin.Button("Conditions").ClickAsync();
        await admin.SeesAsync("This text says more than the conditions can");
        await admin.Button("Cedar").ClickAsync();
        await Expect(text).ToContainTextAsync("// Only for now.");
    }

    [Fact]
    public async Task Levels_AreMovedByKeyboard()
    {
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/policies/new/manual");
        await admin.Button("Add level").ClickAsync();
        await admin.Field("Approvals required").Nth(1).FillAsync("3");
        await admin.Button("Move level 2 up").PressAsync("Alt+ArrowUp");
        await Expect(admin.Field("Approvals required").First).ToHaveValueAsync("3");
        await Expect(admin.Button("Move level 1 down")).ToBeFocusedAsync();
        await admin.Page.Keyboard.PressAsync("Enter");
        await Expect(admin.Field("Approvals required").Nth(1)).ToHaveValueAsync("3");
        await Expect(admin.Button("Move level 2 up")).ToBeFocusedAsync();
    }

    private static async Task AddAsync(ILocator field, params string[] values)
    {
        foreach (string value in values)
        {
            await field.FillAsync(value);
            await field.PressAsync("Enter");
        }
    }

    [GeneratedRegex(@"\n+")]
    private static partial Regex Lines();
}
