using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace JitAccess.Cedar.Tests;

/// <summary>
/// Cedar's official integration tests (cedar-policy/cedar-integration-tests), which are too large for this repository:
/// <c>shared/cedar/corpus.tar.gz</c> beside it, or the archive that <c>JITACCESS_CEDAR_CORPUS</c> names.
/// </summary>
public sealed class CorpusTests
{
    private static readonly Lazy<Dictionary<string, string>?> Corpus = new(() => FindArchive() is { } archive ? Read(archive) : null);

    [Fact]
    public void Engine_OnTheOfficialCorpus_AgreesOnEveryRequest() => RunAll("Cedar corpus, engine", RunEngine);

    [Fact]
    public void CompiledPolicySet_OnTheOfficialCorpus_AgreesOnEveryRequest() => RunAll("Cedar corpus, compiled", RunCompiled);

    private static void RunAll(string what, Func<string, Dictionary<string, string>, ConcurrentBag<string>, int> run)
    {
        Assert.SkipWhen(Corpus.Value is null, "No corpus: there is no shared/cedar/corpus.tar.gz beside the repository, and JITACCESS_CEDAR_CORPUS is not set.");

        var files = Corpus.Value!;
        var tests = files.Keys.Where(name => name.EndsWith(".json", StringComparison.Ordinal) && !name.EndsWith(".entities.json", StringComparison.Ordinal)).ToArray();
        var disagreements = new ConcurrentBag<string>();
        var requests = 0;
        Parallel.ForEach(tests, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken }, name =>
        {
            try
            {
                Interlocked.Add(ref requests, run(name[..^".json".Length], files, disagreements));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                disagreements.Add($"{name}: {exception}");
            }
        });

        var summary = $"{what}: {tests.Length} tests, {requests} requests, {disagreements.Count} disagreements ({FindArchive()})";
        Console.WriteLine(summary);
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.NotEmpty(tests);
        Assert.True(requests > 0);
        Assert.True(disagreements.IsEmpty, string.Join(Environment.NewLine, disagreements.Order().Take(20)));
    }

    private static int RunCompiled(string name, Dictionary<string, string> files, ConcurrentBag<string> disagreements)
    {
        using var test = JsonDocument.Parse(files[$"{name}.json"]);
        var entities = EntityStore.Of(Entities.FromJson(files[$"{name}.entities.json"]));
        var parsed = NodeAccess.Engine.Parse(files[$"{name}.cedar"]);
        var policies = CompiledPolicySet.Compile(parsed.Statements.Select((statement, index) => KeyValuePair.Create($"policy{index}", statement.Syntax)));

        // The text that the syntax tree is written as must mean the same, to the engine and here.
        var written = NodeAccess.Engine.Parse(string.Join('\n', parsed.Statements.Select(statement => statement.Syntax)));
        if (!written.Statements.Select(statement => statement.Syntax).SequenceEqual(parsed.Statements.Select(statement => statement.Syntax)))
            disagreements.Add($"{name}: the syntax tree is written as something else");

        var requests = test.RootElement.GetProperty("requests");
        foreach (var request in requests.EnumerateArray())
            Compare(name, request, policies.Evaluate(RequestOf(request), entities), disagreements);
        return requests.GetArrayLength();
    }

    private static int RunEngine(string name, Dictionary<string, string> files, ConcurrentBag<string> disagreements)
    {
        using var test = JsonDocument.Parse(files[$"{name}.json"]);
        var schema = new Schema(files[$"{name}.cedarschema"]);
        var entities = Entities.FromJson(files[$"{name}.entities.json"]);
        var policies = NodeAccess.Engine.Parse(files[$"{name}.cedar"]).ToPolicySet();

        var validation = NodeAccess.Engine.Validate(policies, schema);
        // The corpus was written when Cedar called a policy without an applicable action an error; since Cedar 4.13
        // that is a warning (https://github.com/cedar-policy/cedar/pull/2545).
        var isFit = validation.IsValid
            && !validation.Warnings.Any(warning => warning.Message.StartsWith("unable to find an applicable action", StringComparison.Ordinal));
        if (isFit != test.RootElement.GetProperty("shouldValidate").GetBoolean())
            disagreements.Add($"{name}: validates is {isFit}: {string.Join("; ", validation.Errors)}");

        var requests = test.RootElement.GetProperty("requests");
        foreach (var request in requests.EnumerateArray())
        {
            var result = NodeAccess.Engine.Authorize(policies, entities, RequestOf(request), request.GetProperty("validateRequest").GetBoolean() ? schema : null);
            Compare(name, request, result, disagreements);
        }
        return requests.GetArrayLength();
    }

    private static void Compare(string name, JsonElement request, AuthorizationResult result, ConcurrentBag<string> disagreements)
    {
        var expected = Answer(request.GetProperty("decision").GetString()!, Strings(request, "reason"), Strings(request, "errors"));
        var actual = Answer(result.Decision == Decision.Allow ? "allow" : "deny", result.Reasons, result.Errors.Select(error => error.PolicyId));
        if (actual != expected)
            disagreements.Add($"{name}, {request.GetProperty("description").GetString()}: {actual}, where the corpus says {expected}");
    }

    private static AuthorizationRequest RequestOf(JsonElement request) =>
        new(Uid(request, "principal"), Uid(request, "action"), Uid(request, "resource"), Context.FromJson(request.GetProperty("context").GetRawText()));

    private static string Answer(string decision, IEnumerable<string> reasons, IEnumerable<string> errors) =>
        $"{decision} by {{{string.Join(", ", reasons.Order(StringComparer.Ordinal))}}} with errors in {{{string.Join(", ", errors.Distinct().Order(StringComparer.Ordinal))}}}";

    private static EntityUid Uid(JsonElement request, string part) =>
        new(request.GetProperty(part).GetProperty("type").GetString()!, request.GetProperty(part).GetProperty("id").GetString()!);

    private static IEnumerable<string> Strings(JsonElement request, string list) =>
        request.GetProperty(list).EnumerateArray().Select(item => item.GetString()!);

    private static string? FindArchive()
    {
        if (Environment.GetEnvironmentVariable("JITACCESS_CEDAR_CORPUS") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "JitAccess.sln")))
                return Path.Combine(folder.FullName, "..", "shared", "cedar", "corpus.tar.gz") is var archive && File.Exists(archive) ? archive : null;
        }
        return null;
    }

    private static Dictionary<string, string> Read(string archive)
    {
        using var zipped = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(zipped);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } stream)
                continue;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            files.Add(Path.GetFileName(entry.Name), reader.ReadToEnd());
        }
        return files;
    }
}
