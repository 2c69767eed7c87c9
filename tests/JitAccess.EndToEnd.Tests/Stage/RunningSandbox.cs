using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Hosting;
using JitAccess.Sandbox.OpenIdConnect;
using Microsoft.Playwright;
using Npgsql;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(RunningSandbox))]
// All stories share one application, and some of them take its database or its network away.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>The real application with everything around it, and a real browser: started once for all stories.</summary>
public class RunningSandbox : IAsyncLifetime
{
    private readonly Dictionary<string, string> signedIn = [];
    private SandboxHost? host;
    private NpgsqlDataSource? database;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private int requesters;

    public SandboxHost Host => host!;

    /// <summary>How the sandbox is set up.</summary>
    protected virtual SandboxOptions Options => new();

    public AwsEmulator Aws => Host.Emulator;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.LaunchAsync(playwright);
        Assertions.SetDefaultExpectTimeout(15_000);
        host = await SandboxHost.StartAsync(Options, TestContext.Current.CancellationToken);
        // Not pooled: a story may have stopped the server in between.
        database = NpgsqlDataSource.Create($"{host.Database};Pooling=false");
        await Eventually.IsAsync("all nodes are read", async () =>
            await CountAsync(database.CreateCommand("select count(*) from nodes")) == Aws.World.Nodes.Count);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (database is not null)
            await database.DisposeAsync();
        if (host is not null)
            await host.DisposeAsync();
    }

    /// <summary>Somebody new with the rights of <c>requester</c>: no earlier story's requests or grants are theirs.</summary>
    public SandboxPerson Hire(string like = "requester")
    {
        int number = Interlocked.Increment(ref requesters);
        SandboxPerson person = Host.Provider.People[like] with { UserName = $"{like}-{number}", Name = $"Nobu {number} Newcomer" };
        Host.Provider.People.Set(person);
        return person;
    }

    /// <summary>A browser of its own for one person, signed in. <paramref name="through"/> is another way to the application.</summary>
    internal async Task<Person> SignInAsync(SandboxPerson who, BrowserNewContextOptions? options = null, Uri? through = null)
    {
        options ??= new();
        options.BaseURL = (through ?? Host.BaseAddress).ToString();
        options.Locale = "en-GB";
        options.TimezoneId ??= "UTC";
        // Signing in by hand is done once a person; the sign-in is in the cookies.
        if (!signedIn.TryGetValue(who.UserName, out string? cookies))
        {
            await using IBrowserContext once = await browser!.NewContextAsync(new() { BaseURL = Host.BaseAddress.ToString() });
            IPage page = await once.NewPageAsync();
            await page.GotoAsync("/");
            await page.GetByRole(AriaRole.Button, new() { Name = who.UserName, Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My access", Exact = true })).ToBeVisibleAsync();
            signedIn[who.UserName] = cookies = await once.StorageStateAsync();
        }
        options.StorageState = cookies;
        return await Person.ArriveAsync(who, await browser!.NewContextAsync(options));
    }

    public Task<long> RequestsOfAsync(Person person) =>
        CountAsync(database!.CreateCommand("select count(*) from requests where requester = $1"), person.UserName);

    public Task<long> ReviewsOfAsync(Guid request) =>
        CountAsync(database!.CreateCommand("select count(*) from reviews where request_id = $1"), request);

    public Task<long> AuditEntriesOfAsync(Person person, string action) =>
        CountAsync(database!.CreateCommand("select count(*) from audit_entries where actor = $1 and action = $2"), person.UserName, action);

    /// <summary>Lets the grant of a request end soon, as if it had been opened for so long ago.</summary>
    public async Task LetGrantEndInAsync(Guid request, TimeSpan time)
    {
        await using NpgsqlCommand command = database!.CreateCommand("update grants set ends_at = $2 where request_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = request });
        command.Parameters.Add(new NpgsqlParameter { Value = DateTimeOffset.UtcNow + time });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<long> CountAsync(NpgsqlCommand command, params object[] parameters)
    {
        await using (command)
        {
            foreach (object parameter in parameters)
                command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }
    }
}
