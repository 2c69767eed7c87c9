using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using JitAccess.Web.Audit.Anchors;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Notifications.Channels;
using JitAccess.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitAccess.Web.Tests.Audit;

public sealed class AnchorTests : IDisposable
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static readonly AuditAnchor Anchor = new(12, Digest.Of("block"u8), new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 9, 10, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("jitaccess-anchor").FullName;

    private string AnchorFile => Path.Combine(_folder, "anchors.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task File_GrowsByALineAnAnchor_AlsoBehindALineThatWasCut()
    {
        FileAnchor store = new(AnchorFile);
        await store.KeepAsync(Anchor, Now, TestWorld.Cancellation);
        await File.AppendAllTextAsync(AnchorFile, "{\"block\":13,\"ha", TestWorld.Cancellation);
        await store.KeepAsync(Anchor with { Block = 14 }, Now, TestWorld.Cancellation);

        string[] lines = await File.ReadAllLinesAsync(AnchorFile, TestWorld.Cancellation);
        Assert.Equal($$"""{"block":12,"hash":"{{Anchor.Hash}}","sealedAt":"2026-06-01T09:00:00.000000Z"}""", lines[0]);
        (IReadOnlyDictionary<long, AuditAnchor> anchors, IReadOnlyList<string> oddities) = AnchorDocument.Read(lines);
        Assert.Equal([Anchor, Anchor with { Block = 14 }], anchors.Values.OrderBy(one => one.Block));
        Assert.Equal(["Line 2 is not an anchor and was passed over."], oddities);
        Assert.Throws<FormatException>(() => AnchorDocument.Read([.. lines, AnchorDocument.Write(Anchor with { Hash = default })]));
        Assert.Throws<FormatException>(() => AnchorDocument.Read([""]));
        await Assert.ThrowsAsync<AnchorException>(() => new FileAnchor(Path.Combine(_folder, "none", "x")).KeepAsync(Anchor, Now, TestWorld.Cancellation));
    }

    [Fact]
    public async Task Webhook_IsSignedAsStandardWebhooksDemands()
    {
        await using HttpTape tape = await HttpTape.StartAsync();
        using HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
        WebhookAnchor store = new(http, new Uri(tape.Address, "/audit"), StandardWebhook.KeyOf(Secret)!);
        await store.KeepAsync(Anchor, Now, TestWorld.Cancellation);

        HttpTape.Asked asked = Assert.Single(tape.Requests);
        Assert.Equal(("POST", "/audit", "application/json; charset=utf-8"), (asked.Method, asked.Path, asked.Headers["Content-Type"]));
        Assert.Equal($$"""{"type":"audit.anchored","timestamp":"2026-06-01T09:10:00.000000Z","data":{{AnchorDocument.Write(Anchor)}}}""", asked.Body);
        string signed = $"{asked.Headers["webhook-id"]}.{Now.ToUnixTimeSeconds()}.{asked.Body}";
        Assert.Equal($"{Now.ToUnixTimeSeconds()}", asked.Headers["webhook-timestamp"]);
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData("0123456789abcdef0123456789abcdef"u8, Encoding.UTF8.GetBytes(signed)))}", asked.Headers["webhook-signature"]);

        await store.KeepAsync(Anchor, Now.AddMinutes(1), TestWorld.Cancellation);
        Assert.Equal(asked.Headers["webhook-id"], tape.Requests[1].Headers["webhook-id"]);
        foreach (int status in new[] { 500, 307, 404 })
        {
            tape.Answer = (status, "");
            AnchorException failure = await Assert.ThrowsAsync<AnchorException>(() => store.KeepAsync(Anchor, Now, TestWorld.Cancellation));
            Assert.Equal($"The webhook at 127.0.0.1 answered {status}.", failure.Message);
        }
        Assert.DoesNotContain(tape.Requests, one => one.Path == "/elsewhere");
    }

    [Fact]
    public async Task S3_PutsALockedObject()
    {
        await using HttpTape tape = await HttpTape.StartAsync();
        using IHost host = Host(tape.Address);
        S3Anchor store = new(host.Services.GetRequiredService<IObjectVault>(), new S3AnchorOptions { Bucket = "anchors", Prefix = "jit/", RetentionDays = 30, Region = "eu-central-1" });
        await store.KeepAsync(Anchor, Now, TestWorld.Cancellation);

        HttpTape.Asked asked = Assert.Single(tape.Requests);
        Assert.Equal(("PUT", "/anchors/jit/block-000000000012.json"), (asked.Method, asked.Path));
        Assert.Equal(AnchorDocument.Write(Anchor) + "\n", asked.Body);
        Assert.Equal(("COMPLIANCE", "2026-07-01T09:10:00Z"), (asked.Headers["x-amz-object-lock-mode"], asked.Headers["x-amz-object-lock-retain-until-date"]));
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(asked.Body))), asked.Headers["x-amz-checksum-sha256"]);
        Assert.Contains("/eu-central-1/s3/aws4_request", asked.Headers["Authorization"], StringComparison.Ordinal);

        tape.Answer = (403, "<Error><Code>AccessDenied</Code><Message>secret of the request</Message></Error>");
        AnchorException failure = await Assert.ThrowsAsync<AnchorException>(() => store.KeepAsync(Anchor, Now, TestWorld.Cancellation));
        Assert.StartsWith("S3 denied s3:PutObject or s3:PutObjectRetention on the bucket anchors", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anchoring_KeepsTheNewestBlockOnce_AndAgainWhenThereIsANewer()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        FakeStore store = new();
        AuditAnchoring here = Anchoring(world, store), there = Anchoring(world, store);
        await RoundAsync(here, there);
        Assert.Empty(store.Kept);

        await world.WriteBlocksAsync(2);
        await RoundAsync(here, there);
        Assert.Empty(store.Kept);
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await RoundAsync(here, there);
        Assert.Equal([2L], store.Kept.Select(anchor => anchor.Block));
        Assert.Equal((await NewestAsync(world)).Hash, store.Kept[0].Hash);

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await RoundAsync(here, there);
        await world.WriteAsync("More.");
        await world.Here.SealAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await RoundAsync(here, there);
        Assert.Equal([2L, 3L], store.Kept.Select(anchor => anchor.Block));
    }

    [Fact]
    public async Task Anchoring_ThatFails_IsToldAndTriedAgain()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(1);
        FakeStore store = new() { Error = "The disk is full." };
        AuditAnchoring anchoring = Anchoring(world, store);
        AnchorQueries queries = new(world.Here.Get<IDbContextFactory<JitAccessDbContext>>(), [store]);
        await RoundAsync(anchoring);
        AnchorState state = Assert.Single(await queries.StatesAsync(TestPeople.Admin, TestWorld.Cancellation));
        Assert.Equal(("fake", 0L, "The disk is full.", world.Clock.GetUtcNow()), (state.Name, state.Block, state.Error, state.FailingSince));
        await Assert.ThrowsAsync<RefusedException>(() => queries.StatesAsync(TestPeople.Requester, TestWorld.Cancellation));

        store.Error = null;
        await RoundAsync(anchoring);
        Assert.Empty(store.Kept);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync(anchoring);
        state = Assert.Single(await queries.StatesAsync(TestPeople.Auditor, TestWorld.Cancellation));
        Assert.Equal((1L, null, null), (state.Block, state.Error, state.FailingSince));
    }

    [Fact]
    public async Task Anchoring_WhereBlocksWereCutOff_SaysSo()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(2);
        FakeStore store = new();
        AuditAnchoring anchoring = Anchoring(world, store);
        await RoundAsync(anchoring);
        await world.TamperAsync("delete from audit_entries where id in (select entry_id from audit_seals where block = 2); delete from audit_seals where block = 2; delete from audit_blocks where number = 2");
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await RoundAsync(anchoring);
        Assert.StartsWith("Block 2 was anchored, but block 1 is the newest now", Assert.Single(await world.QueryAsync("select error from audit_anchors")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WithAnchors_FindsWhatWasWrittenAnewOrCutOff()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(1);
        FileAnchor store = new(AnchorFile);
        await store.KeepAsync(AuditAnchor.Of(await NewestAsync(world)), Now, TestWorld.Cancellation);
        await world.WriteBlocksAfterAsync(2);
        await store.KeepAsync(AuditAnchor.Of(await NewestAsync(world)), Now, TestWorld.Cancellation);
        (AuditOutcome outcome, string output, _) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify", "--anchor", AnchorFile);
        Assert.Equal(AuditOutcome.Intact, outcome);
        Assert.EndsWith("2 anchors fit the chain; the newest is that of block 3.\n", output, StringComparison.Ordinal);

        // The owner takes the last blocks away, changes an entry, and lets the application seal anew: a chain that fits.
        string[] last = [.. await world.QueryAsync("select entry_id from audit_seals where block > 1")];
        await world.TamperAsync($"delete from audit_seals where block > 1; delete from audit_blocks where number > 1; update audit_entries set why = 'x' where id = '{last[0]}'; insert into audit_waiting (entry_id) select unnest('{{{string.Join(',', last)}}}'::uuid[])");
        await world.Here.SealAsync();
        Assert.Equal(AuditOutcome.Intact, (await AuditStage.RunAuditAsync(world.ConnectionString, "verify")).Outcome);
        (outcome, _, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify", "--anchor", AnchorFile);
        Assert.Equal(AuditOutcome.Broken, outcome);
        Assert.StartsWith("BlockMissing: Block 3 is missing: it was anchored, and block 2 is the last that is there.", errors, StringComparison.Ordinal);

        await world.WriteAsync("To have as many as before.");
        await world.Here.SealAsync();
        (outcome, _, errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify", "--anchor", AnchorFile);
        Assert.Equal(AuditOutcome.Broken, outcome);
        Assert.StartsWith("BlockChanged: Block 3 is not the one that was anchored: blocks from 2 on were written anew.", errors, StringComparison.Ordinal);

        Assert.Equal(AuditOutcome.Unknown, (await AuditStage.RunAuditAsync(world.ConnectionString, "verify", "--anchor", Path.Combine(_folder, "none"))).Outcome);
    }

    [Theory]
    [InlineData("Interval", "00:00:00")]
    [InlineData("File", "relative.jsonl")]
    [InlineData("Webhook", "http://example.com/")]
    [InlineData("WebhookSecret", "whsec_c2hvcnQ=")]
    [InlineData("WebhookSecret", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")]
    [InlineData("S3:RetentionDays", "0")]
    public void Setting_ThatIsWrong_IsNamed(string key, string value)
    {
        Dictionary<string, string?> settings = new() { ["Webhook"] = "https://example.com/", ["WebhookSecret"] = Secret, ["S3:Bucket"] = "anchors", ["File"] = "/var/lib/jitaccess/anchors.jsonl" };
        Assert.Empty(Options().Problems());
        settings[key] = value;
        Assert.StartsWith($"Audit:Anchor:{key} ", Assert.Single(Options().Problems()), StringComparison.Ordinal);

        AnchorOptions Options() => new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Get<AnchorOptions>()!;
    }

    private static AuditAnchoring Anchoring(TestWorld world, IAnchorStore store) =>
        new(world.Here.Get<IDbContextFactory<JitAccessDbContext>>(), [store], Microsoft.Extensions.Options.Options.Create(new AnchorOptions()), world.Clock, NullLogger<AuditAnchoring>.Instance);

    private static Task<bool[]> RoundAsync(params AuditAnchoring[] anchorings) => Task.WhenAll(anchorings.Select(one => one.DoDueAsync(TestWorld.Cancellation)));

    private static async Task<AuditBlock> NewestAsync(TestWorld world)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        return await database.AuditBlocks.OrderByDescending(block => block.Number).FirstAsync(TestWorld.Cancellation);
    }

    private static IHost Host(Uri address)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Aws:HomeRegion"] = "eu-west-1", ["Aws:ServiceUrl"] = address.AbsoluteUri, ["Aws:Accounts:0:Id"] = "111111111111", ["Aws:Accounts:0:AccessRoleArn"] = "arn:aws:iam::111111111111:role/a", ["Aws:Accounts:0:Regions:0"] = "eu-west-1" });
        builder.Services.AddSingleton<AWSCredentials>(new BasicAWSCredentials("AKIAEXAMPLE", "secret"));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddAws();
        return builder.Build();
    }

    private sealed class FakeStore : IAnchorStore
    {
        public string Name => "fake";

        public string? Error { get; set; }

        public List<AuditAnchor> Kept { get; } = [];

        public Task KeepAsync(AuditAnchor anchor, DateTimeOffset now, CancellationToken cancellationToken)
        {
            if (Error is { } error) throw new AnchorException(error);
            lock (Kept) Kept.Add(anchor);
            return Task.CompletedTask;
        }
    }
}
