using JitAccess.Domain.Policies;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Policies;
using JitAccess.Web.Policies.Commands;
using JitAccess.Web.Policies.Documents;
using JitAccess.Web.Tests.Data;
using Microsoft.Extensions.Configuration;

namespace JitAccess.Web.Tests.Policies;

public sealed class PoliciesCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policies");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string User => $"{Environment.UserName} (command line)";

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("yaml")]
    [InlineData("json")]
    public async Task Export_ImportIntoAnEmptyInstallation_Export_GivesTheSameBytes(string format)
    {
        await using TestWorld from = await TestWorld.CreateAsync();
        await using TestWorld into = await TestWorld.CreateEmptyAsync();
        string first = PathOf("first"), second = PathOf("second");

        Assert.Equal(ExitCode.Done, (await RunAsync(from, "export", "--format", format, "--output", first)).Code);
        (ExitCode code, string output, string errors) = await RunAsync(into, "import", first, "--publish", "--comment", "From the other one.");
        Assert.Equal((ExitCode.Done, true), (code, output.EndsWith("Version 1 is in force.\n", StringComparison.Ordinal)));
        Assert.DoesNotContain("error", errors, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ExitCode.Done, (await RunAsync(into, "export", "--version", "1", "--format", format, "--output", second)).Code);

        Assert.Equal(await File.ReadAllBytesAsync(first, Cancellation), await File.ReadAllBytesAsync(second, Cancellation));
        Assert.Equal(StoredPolicies.Write(DemoPolicies.PolicySet), StoredPolicies.Write(await into.PolicyQueries.PublishedAsync(TestPeople.Auditor, null, Cancellation)));
        Assert.Equal([$"PolicyDraftChanged command-line:{Environment.UserName} {User} Imported first.", $"PolicySetPublished command-line:{Environment.UserName} {User} From the other one. Changed by {User}."],
            await into.QueryAsync("select action || ' ' || actor || ' ' || actor_name || ' ' || why from audit_entries order by action"));
        Assert.Equal(2, await into.CountAsync("outbox"));
    }

    [Fact]
    public async Task Import_WithoutPublish_WritesTheDraftAndSaysWhatChanges()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        string file = await WriteAsync("policies.yaml", PolicyDocument.Write(DemoPolicies.PolicySet with { AutoApproval = [] }, DocumentFormat.Yaml));

        (ExitCode code, string output, _) = await RunAsync(world, "import", file);

        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("Removed: Open nodes.", output, StringComparison.Ordinal);
        Assert.EndsWith("The draft is written. It decides nothing until it is published.\n", output, StringComparison.Ordinal);
        CurrentPolicies current = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
        Assert.Equal((1, User), (current.InForce.Number, current.Draft!.EditedBy));
        Assert.Equal("Nothing differs; nothing was changed.\n", (await RunAsync(world, "import", file, "--replace-draft")).Output);
    }

    [Fact]
    public async Task Import_OverADraftOfSomebodyElse_IsRefusedUnlessSaid()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.Policies.SetSecondAdminAsync(TestPeople.Admin, new PolicyRevision(1, null), true, Cancellation);
        string file = await WriteAsync("policies.yaml", PolicyDocument.Write(PolicySet.Empty, DocumentFormat.Yaml));
        IReadOnlyList<string> before = await world.EverythingAsync();

        (ExitCode code, _, string errors) = await RunAsync(world, "import", file);
        Assert.Equal((ExitCode.Problems, "There is a draft with changes by admin. Nothing was imported. Publish or discard it first, or say --replace-draft to import into it.\n"), (code, errors));
        Assert.Equal(before, await world.EverythingAsync());

        Assert.Equal(ExitCode.Done, (await RunAsync(world, "import", file, "--replace-draft")).Code);
        Assert.Equal(["true"], await world.QueryAsync("select before ->> 'publishNeedsSecondAdmin' from audit_entries where actor like 'command-line:%'"));
    }

    [Fact]
    public async Task Import_PublishWhereTheRuleNeedsASecondAdmin_IsRefusedAndImportsNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(new PolicySet { PublishNeedsSecondAdmin = true });
        string file = await WriteAsync("policies.yaml", PolicyDocument.Write(PolicySet.Empty, DocumentFormat.Yaml));
        IReadOnlyList<string> before = await world.EverythingAsync();

        (ExitCode code, _, string errors) = await RunAsync(world, "import", file, "--publish", "--comment", "Alone.");

        Assert.Equal(ExitCode.Problems, code);
        Assert.StartsWith("A second admin must publish", errors, StringComparison.Ordinal);
        Assert.Equal(before, await world.EverythingAsync());
        Assert.Equal(ExitCode.Done, (await RunAsync(world, "import", file)).Code);
        Assert.Equal(3, await world.Policies.PublishAsync(TestPeople.Admin, (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Revision, "Second pair of eyes.", Cancellation));
    }

    [Fact]
    public async Task Import_OfABrokenDocument_ListsEverythingAndImportsNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        string file = await WriteAsync("broken.yaml", "format: 1\npublishNeedsSecondAdmin: false\ndenyAccess: []\nautoApproval:\n  - name: A\n    cedar: forbid (principal, action, resource);\n    color: red\n");
        IReadOnlyList<string> before = await world.EverythingAsync();

        (ExitCode code, _, string errors) = await RunAsync(world, "import", file, "--publish", "--comment", "Broken.");

        Assert.Equal(ExitCode.Problems, code);
        Assert.Equal([$"{file}:1:1: A policy document needs the field “manual”.", $"{file}:6:12: Cedar line 1, column 1: This kind of policy takes permit statements only.", $"{file}:7:5: “color” is no field of an auto-approval policy. Its fields are id, name, description, enabled, maximumHours, reasonRule, sessionRules, cedar.", "Nothing was imported."],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, await world.EverythingAsync());
    }

    [Fact]
    public async Task Import_OverAVersionThatCannotBeRead_MendsIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.ExecuteAsync("update policy_sets set policies = '[]'");
        Assert.Equal(ExitCode.Problems, (await RunAsync(world, "export")).Code);
        string file = await WriteAsync("policies.json", PolicyDocument.Write(DemoPolicies.PolicySet, DocumentFormat.Json));

        Assert.Equal(ExitCode.Done, (await RunAsync(world, "import", file, "--publish", "--comment", "Mended.")).Code);

        Assert.Equal(DecisionOutcome.Automatic, (await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).Decision.Outcome);
    }

    [Fact]
    public async Task Import_OfCedar_AddsAPolicyUnderTheGivenName()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        string file = await WriteAsync("contractors.cedar", "forbid (principal, action, resource) when { principal has organization && principal.organization == \"contractor\" };");

        (ExitCode code, string output, _) = await RunAsync(world, "import", file, "--name", "No contractors", "--publish", "--comment", "From AWS.");

        Assert.True(code == ExitCode.Done, output);
        PolicySet policies = await world.PolicyQueries.PublishedAsync(TestPeople.Admin, 2, Cancellation);
        Assert.Equal(["No automatic access to restricted data", "No contractors"], policies.DenyAccess.OrderBy(policy => policy.Order).Select(policy => policy.Name));
        Assert.Equal(4, policies.Manual.Length);
    }

    [Fact]
    public async Task Check_NeedsNoDatabase()
    {
        string good = await WriteAsync("good.yaml", PolicyDocument.Write(DemoPolicies.PolicySet, DocumentFormat.Yaml)), bad = await WriteAsync("bad.yaml", "format: 1");
        (ExitCode code, string output, string errors) = await RunAsync(null, "check", good);
        Assert.Equal((ExitCode.Done, ""), (code, output));
        Assert.All(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(": warning: ", line, StringComparison.Ordinal));
        (code, _, errors) = await RunAsync(null, "check", bad);
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains($"{bad}:1:1: A policy document needs the field “manual”.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfWhatIsNotThere_IsAProblem()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Assert.Equal((ExitCode.Problems, "", "This version does not exist.\n"), await RunAsync(world, "export", "--version", "9"));
        Assert.Equal((ExitCode.Problems, "", "This draft does not exist.\n"), await RunAsync(world, "export", "--draft"));
    }

    [Fact]
    public async Task Database_ThatIsMissingOrAway_HasAnExitCodeOfItsOwn()
    {
        (ExitCode code, _, string errors) = await RunAsync(null, "export");
        Assert.Equal(ExitCode.Database, code);
        Assert.Contains("ConnectionStrings:Database is missing", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Database, (await RunOnAsync("Host=127.0.0.1;Port=9;Database=none;Username=nobody;Timeout=2", "export")).Code);
    }

    [Theory]
    [InlineData]
    [InlineData("frobnicate")]
    [InlineData("export", "file")]
    [InlineData("export", "--version", "seven")]
    [InlineData("export", "--version", "7", "--draft")]
    [InlineData("export", "--format", "xml")]
    [InlineData("import")]
    [InlineData("import", "a", "b")]
    [InlineData("import", "a", "--publish")]
    [InlineData("import", "a", "--comment", "c")]
    [InlineData("import", "a", "--frob")]
    [InlineData("check", "a", "--publish")]
    [InlineData("check", "/does/not/exist")]
    public async Task Usage_NotUnderstood_HasAnExitCodeOfItsOwn(params string[] arguments)
    {
        (ExitCode code, string output, string errors) = await RunAsync(null, arguments);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task Usage_AskedFor_IsPrinted()
    {
        (ExitCode code, string output, _) = await RunAsync(null, "--help");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("Exit codes: 0 done", output, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<string> WriteAsync(string name, string content)
    {
        await File.WriteAllTextAsync(PathOf(name), content, Cancellation);
        return PathOf(name);
    }

    private static Task<(ExitCode Code, string Output, string Errors)> RunAsync(TestWorld? world, params string[] arguments) => RunOnAsync(world?.ConnectionString, arguments);

    private static async Task<(ExitCode Code, string Output, string Errors)> RunOnAsync(string? connectionString, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter errors = new() { NewLine = "\n" };
        ExitCode code = await new PoliciesCommand(output, errors, configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Database"] = connectionString }))
            .RunAsync(arguments, Cancellation);
        return (code, output.ToString(), errors.ToString());
    }
}
