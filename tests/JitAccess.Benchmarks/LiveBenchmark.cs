using System.Diagnostics;
using System.Net;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Hosting;
using JitAccess.Web.Requests;
using Microsoft.Playwright;

namespace JitAccess.Benchmarks;

/// <summary>
/// From the commit of a request to the approvers' open pages that show it, while 200 circuits are open on the application as it is published:
/// half of them on the approvals, the others on My access and on the nodes. One page is open in a real Chromium as well.
/// </summary>
internal static class LiveBenchmark
{
    private const int Circuits = 200;
    private const int Rounds = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        await using SandboxHost sandbox = await SandboxHost.StartAsync(new SandboxOptions(), CancellationToken.None);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("JITACCESS_CHROMIUM") ?? "/usr/bin/chromium", Args = Environment.UserName == "root" ? ["--no-sandbox"] : [] });
        (CookieContainer approver, IPage shown) = await SignInAsync(browser, sandbox, "approver");
        (CookieContainer requester, _) = await SignInAsync(browser, sandbox, "requester");
        await shown.GotoAsync("/approvals");

        List<OpenPage> approvals = [], others = [];
        for (int number = 0; number < Circuits; number++)
        {
            (string address, CookieContainer who, List<OpenPage> pages) = (number % 4) switch
            {
                0 or 1 => ("approvals", approver, approvals),
                2 => ("", requester, others),
                _ => ("nodes", requester, others),
            };
            pages.Add(await OpenPage.OpenAsync(new Uri(sandbox.BaseAddress, address), who, CancellationToken.None));
        }

        await using BenchmarkApplication application = BenchmarkApplication.Over(sandbox.Database);
        RequestService requests = application.Get<RequestService>();
        List<double> all = [], chromium = [];
        for (int round = 0; round < Rounds; round++)
        {
            // Unlike every other text on the page, so that the batch that brings it is the one that shows the request.
            string reason = $"Look into case {Guid.NewGuid():N}";
            Task<long>[] coming = [.. approvals.Select(page => page.WhenShownAsync(reason))];
            Task<IElementHandle?> drawn = shown.WaitForSelectorAsync($"text={reason}", new() { State = WaitForSelectorState.Attached });
            Actor person = Person($"person-{round}");
            Guid request = (await requests.SubmitAsync(person, InstanceId.Parse(DefaultWorld.DemoLinux), new(reason), CancellationToken.None)).RequestId;
            long committed = Stopwatch.GetTimestamp();
            Task<double> drawing = MillisecondsAsync(drawn, committed);
            long[] came = await Task.WhenAll(coming).WaitAsync(Patience);
            // A page may show it before the caller of the submit hears that it is committed.
            all.AddRange(came.Select(at => Math.Max(0, Stopwatch.GetElapsedTime(committed, at).TotalMilliseconds)));
            chromium.Add(await drawing);
            await requests.CancelAsync(person, request, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
        foreach (OpenPage page in approvals.Concat(others))
        {
            if (page.Failure is not null) throw new InvalidOperationException($"A circuit died: {page.Failure}");
            await page.DisposeAsync();
        }
        all.Sort();
        chromium.Sort();
        Figure.Print("live.p50_ms", Figure.Percentile(all, 0.5), "ms");
        Figure.Print("live.p95_ms", Figure.Percentile(all, 0.95), "ms");
        Figure.Print("live.chromium_p50_ms", Figure.Percentile(chromium, 0.5), "ms");
        Figure.Print("live.chromium_p95_ms", Figure.Percentile(chromium, 0.95), "ms");
    }

    private static async Task<double> MillisecondsAsync(Task what, long since)
    {
        await what;
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }

    /// <summary>Signs in by hand; the circuits use what the browser was given.</summary>
    private static async Task<(CookieContainer Cookies, IPage Page)> SignInAsync(IBrowser browser, SandboxHost sandbox, string userName)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { BaseURL = sandbox.BaseAddress.ToString() });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = userName, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "My access", Exact = true }).WaitForAsync();
        CookieContainer cookies = new();
        foreach (BrowserContextCookiesResult cookie in await context.CookiesAsync([sandbox.BaseAddress.ToString()])) cookies.Add(new System.Net.Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        return (cookies, page);
    }

    private static Actor Person(string name) => new()
    {
        Person = new Person(name, name, $"{name}@example.com", ["engineering"], new PersonAttributes()),
        Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::111111111111:role/jit-requester")),
    };
}
