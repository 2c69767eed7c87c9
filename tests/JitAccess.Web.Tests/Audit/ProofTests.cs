using System.Text.Json.Nodes;
using JitAccess.Domain;
using JitAccess.Web.Audit;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Audit;

public sealed class ProofTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jitaccess-proof").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Proof_OfAnEntry_IsCheckedWithoutADatabase()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        List<Guid> ids = await world.WriteBlocksAsync(3);
        string file = await ProveAsync(world, ids[4]);
        string newest = await HashAsync(world, 3);

        (AuditOutcome outcome, string output, string errors) = await CheckAsync(file);
        Assert.Equal((AuditOutcome.Intact, ""), (outcome, errors));
        Assert.Equal($"The proof fits together: entry {ids[4]} is sealed at place 1 of block 2.\nIt holds if block 3 has the hash {newest} in a source that you trust.\n", output);

        (outcome, output, _) = await CheckAsync(file, "--hash", newest.ToUpperInvariant());
        Assert.Equal((AuditOutcome.Intact, $"Entry {ids[4]} is in the audit: sealed at place 1 of block 2, which leads to block 3, whose hash you trust.\n"), (outcome, output));
        Assert.Equal(AuditOutcome.Intact, (await CheckAsync(file, "--hash", await HashAsync(world, 2))).Outcome);
        Assert.Equal(AuditOutcome.Unknown, (await CheckAsync(file, "--hash", await HashAsync(world, 1))).Outcome);

        string anchors = Path.Combine(_folder, "anchors");
        await File.WriteAllTextAsync(anchors, $$"""{"block":3,"hash":"{{newest}}","sealedAt":"2026-06-01T09:00:02.000000Z"}""", TestWorld.Cancellation);
        Assert.Equal(AuditOutcome.Intact, (await CheckAsync(file, "--anchor", anchors)).Outcome);
        await File.WriteAllTextAsync(anchors, $$"""{"block":3,"hash":"{{await HashAsync(world, 2)}}","sealedAt":"2026-06-01T09:00:02.000000Z"}""", TestWorld.Cancellation);
        (outcome, _, errors) = await CheckAsync(file, "--anchor", anchors);
        Assert.Equal((AuditOutcome.Broken, "The proof does not hold. Block 3 is not the one that was anchored.\n"), (outcome, errors));
    }

    [Fact]
    public async Task Proof_WithAnyValueChanged_DoesNotHold()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        List<Guid> ids = await world.WriteBlocksAsync(3);
        string file = await ProveAsync(world, ids[4]);
        JsonNode proof = JsonNode.Parse(await File.ReadAllTextAsync(file, TestWorld.Cancellation))!;
        string changed = Path.Combine(_folder, "changed.json");
        List<string> tampered = [];
        foreach (string path in Paths(proof).Where(path => path != "$.format"))
        {
            JsonNode copy = proof.DeepClone();
            JsonValue value = (JsonValue)path[2..].Split('.', '[').Aggregate(copy, (node, part) => part.EndsWith(']') ? node[int.Parse(part[..^1], System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
            value.ReplaceWith(Other(value));
            await File.WriteAllTextAsync(changed, copy.ToJsonString(), TestWorld.Cancellation);

            (AuditOutcome outcome, _, string errors) = await CheckAsync(changed);

            Assert.True(outcome == AuditOutcome.Broken, $"{path}: {outcome} {errors}");
            tampered.Add(path);
        }
        // 13 columns, 7 values of each of 2 blocks, the place, and the path, which is 2 digests long in a tree of 3.
        Assert.Equal(13 + 14 + 1 + 2, tampered.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"format":"something-else"}""")]
    public async Task File_ThatIsNoProof_IsNotChecked(string text)
    {
        string file = Path.Combine(_folder, "no-proof.json");
        await File.WriteAllTextAsync(file, text, TestWorld.Cancellation);
        Assert.Equal(AuditOutcome.Unknown, (await CheckAsync(file)).Outcome);
        Assert.Equal(AuditOutcome.Unknown, (await CheckAsync(Path.Combine(_folder, "not-there.json"))).Outcome);
    }

    [Fact]
    public async Task Proof_OfAnEntryThatWaits_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        Guid id = (await world.WriteAsync("Waits."))[0];
        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<AuditQueries>().ProveAsync(TestPeople.Auditor, id, TestWorld.Cancellation));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Equal(AuditOutcome.Unknown, (await AuditStage.RunAuditAsync(world.ConnectionString, "prove", id.ToString())).Outcome);
    }

    private static IEnumerable<string> Paths(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(one => Paths(one.Value)),
        JsonArray all => all.SelectMany(Paths),
        JsonValue value => [value.GetPath()],
        _ => [],
    };

    private static JsonValue Other(JsonValue value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Number => JsonValue.Create(value.GetValue<int>() + 1),
        System.Text.Json.JsonValueKind.True => JsonValue.Create(false),
        _ when Guid.TryParse(value.GetValue<string>(), out _) => JsonValue.Create(Guid.NewGuid().ToString()),
        // A digit that another digit takes the place of leaves hashes and times readable.
        _ => JsonValue.Create(value.GetValue<string>() is var text && text.Any(char.IsAsciiDigit) ? Turned(text) : text + "x"),
    };

    private static string Turned(string text)
    {
        int last = text.LastIndexOfAny([.. "0123456789"]);
        return $"{text[..last]}{(text[last] == '0' ? '1' : '0')}{text[(last + 1)..]}";
    }

    private static async Task<string> HashAsync(TestWorld world, int block) => (await world.QueryAsync($"select encode(hash, 'hex') from audit_blocks where number = {block}"))[0];

    private static Task<(AuditOutcome Outcome, string Output, string Errors)> CheckAsync(string file, params string[] options) =>
        AuditStage.RunAuditAsync("Host=127.0.0.1;Port=1;Database=none;Username=nobody", ["check-proof", file, .. options]);

    private async Task<string> ProveAsync(TestWorld world, Guid id)
    {
        (AuditOutcome outcome, string output, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "prove", id.ToString());
        Assert.Equal((AuditOutcome.Intact, ""), (outcome, errors));
        string file = Path.Combine(_folder, "proof.json");
        await File.WriteAllTextAsync(file, output, TestWorld.Cancellation);
        return file;
    }
}
