using System.Globalization;
using System.Text;
using JitAccess.Domain.Audit;
using JitAccess.Web.Audit.Anchors;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Audit;

/// <summary>The commands <c>JitAccess.Web audit …</c>.</summary>
internal sealed class AuditCommand(TextWriter output, TextWriter errors, Action<IConfigurationBuilder>? configure = null)
{
    public const string Usage =
        """
        JitAccess.Web audit verify [--tolerance MINUTES] [--anchor FILE]
            Checks every audit entry against the blocks that seal it, and names the first one that was changed, removed, inserted or moved.
            --tolerance: by how much an entry may say it is older than what was sealed before it; 5 minutes unless said.
            --anchor: a file with anchors, which were kept outside the database; finds blocks that were all written anew or cut off.

        JitAccess.Web audit retire --keep-months N [--dry-run]
            Takes the entries of whole months out of the database that are older than the last N (at least 3), after checking everything.
            Their seals stay. Export them first: what is retired is gone. Needs the owner of the tables.

        JitAccess.Web audit prove ENTRY
            Writes what shows that one entry is in the audit, as JSON.

        JitAccess.Web audit check-proof FILE [--anchor FILE] [--hash HASH]
            Checks such a file, without a database. --anchor and --hash: what the reader trusts; one of its blocks has to have that hash.

        The database is the one of ConnectionStrings__Database.

        Exit codes: 0 as it was written, 1 not as it was written, 2 could not be checked.
        """;

    /// <summary>Whether the program was started for this command.</summary>
    public static bool IsAsked(string[] arguments) => arguments is ["audit", ..];

    /// <summary>Runs the command that the program was started for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments) => (int)await new AuditCommand(Console.Out, Console.Error).RunAsync(arguments[1..], CancellationToken.None);

    /// <param name="arguments">What stands behind <c>audit</c>.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<AuditOutcome> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        AuditArguments? asked = AuditArguments.Parse(arguments);
        if (asked is null)
        {
            await errors.WriteLineAsync(Usage);
            return AuditOutcome.Unknown;
        }
        try
        {
            IReadOnlyDictionary<long, AuditAnchor>? anchors = asked.AnchorFile is { } file ? await AnchorsAsync(file, cancellationToken) : null;
            if (asked.ProofFile is { } proof) return await CheckProofAsync(proof, anchors, asked.Hash, cancellationToken);
            using IHost host = Host();
            await using (JitAccessDbContext database = await host.Services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync(cancellationToken))
            {
                if ((await database.Database.GetPendingMigrationsAsync(cancellationToken)).Any()) return await NotCheckedAsync("The database lacks migrations. Run JitAccess.Web --migrate.");
            }
            if (asked.KeepMonths is { } months) return await RetireAsync(host.Services, months, asked.IsDryRun, cancellationToken);
            if (asked.Entry is { } entry) return await ProveAsync(host.Services.GetRequiredService<AuditQueries>(), entry, cancellationToken);
            return await ReportAsync(await host.Services.GetRequiredService<AuditVerification>().CheckAsync(asked.Tolerance, anchors, null, cancellationToken), anchors);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it was: nobody may take it for “fine” or for “broken”.
            return await NotCheckedAsync(exception.IsFromDatabase() ? $"The database does not answer as it should: {exception.GetBaseException().Message}" : exception.Message);
        }
    }

    private async Task<IReadOnlyDictionary<long, AuditAnchor>> AnchorsAsync(string file, CancellationToken cancellationToken)
    {
        (IReadOnlyDictionary<long, AuditAnchor> anchors, IReadOnlyList<string> oddities) = AnchorDocument.Read(await File.ReadAllLinesAsync(file, cancellationToken));
        foreach (string oddity in oddities) await errors.WriteLineAsync($"{file}: {oddity}");
        return anchors;
    }

    private async Task<AuditOutcome> RetireAsync(IServiceProvider services, int keepMonths, bool isDryRun, CancellationToken cancellationToken)
    {
        // What is not as it was written must not disappear.
        AuditFindings findings = await services.GetRequiredService<AuditVerification>().CheckAsync(AuditVerification.DefaultTolerance, null, null, cancellationToken);
        if (findings.Problem is not null) return await ReportAsync(findings, null);
        IReadOnlyList<RetiredMonth> retired = await services.GetRequiredService<AuditRetirement>().RetireAsync(CommandLineReader.Actor, keepMonths, isDryRun, cancellationToken);
        foreach (RetiredMonth month in retired) await output.WriteLineAsync($"{month.Name}: {Counted(month.Entries.Entries, "entry", "entries")} {(isDryRun ? "would be" : month.Entries.Entries == 1 ? "is" : "are")} retired.");
        if (retired.Count == 0) await output.WriteLineAsync("Nothing is that old.");
        return AuditOutcome.Intact;
    }

    private async Task<AuditOutcome> ProveAsync(AuditQueries audit, Guid entry, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(Encoding.UTF8.GetString(ProofDocument.Write(await audit.ProveAsync(CommandLineReader.Actor, entry, cancellationToken))));
        return AuditOutcome.Intact;
    }

    private async Task<AuditOutcome> CheckProofAsync(string file, IReadOnlyDictionary<long, AuditAnchor>? anchors, Digest? trusted, CancellationToken cancellationToken)
    {
        EntryProof proof = ProofDocument.Read(await File.ReadAllBytesAsync(file, cancellationToken));
        if (proof.Flaw() is { } flaw)
        {
            await errors.WriteLineAsync($"The proof does not hold. {flaw}");
            return AuditOutcome.Broken;
        }
        AuditBlock block = proof.Inclusion.Block;
        if (anchors is not null || trusted is not null)
        {
            AuditBlock? known = proof.Blocks.FirstOrDefault(one => one.Hash == trusted || anchors?.GetValueOrDefault(one.Number)?.Hash == one.Hash);
            if (proof.Blocks.FirstOrDefault(one => anchors?.GetValueOrDefault(one.Number) is { } anchor && anchor.Hash != one.Hash) is { } other)
            {
                await errors.WriteLineAsync($"The proof does not hold. Block {other.Number} is not the one that was anchored.");
                return AuditOutcome.Broken;
            }
            if (known is null) return await NotCheckedAsync($"None of the blocks {block.Number} to {proof.Head.Number} of the proof is one that you trust.");
            await output.WriteLineAsync($"Entry {proof.Entry.Id} is in the audit: sealed at place {proof.Inclusion.Position} of block {block.Number}, which leads to block {known.Number}, whose hash you trust.");
            return AuditOutcome.Intact;
        }
        await output.WriteLineAsync($"The proof fits together: entry {proof.Entry.Id} is sealed at place {proof.Inclusion.Position} of block {block.Number}.");
        await output.WriteLineAsync($"It holds if block {proof.Head.Number} has the hash {proof.Head.Hash} in a source that you trust.");
        return AuditOutcome.Intact;
    }

    private async Task<AuditOutcome> ReportAsync(AuditFindings findings, IReadOnlyDictionary<long, AuditAnchor>? anchors)
    {
        if (findings.Problem is { } problem)
        {
            await errors.WriteLineAsync($"{problem.Kind}: {problem.Message}");
            await errors.WriteLineAsync($"{Counted(findings.Entries, "entry", "entries")} before it {(findings.Entries == 1 ? "is" : "are")} as sealed. The check ended there.");
            return AuditOutcome.Broken;
        }
        await output.WriteLineAsync($"{Counted(findings.Entries, "entry is", "entries are")} as written, in {Counted(findings.Newest?.Number ?? 0, "block", "blocks")}. {Counted(findings.Waiting, "entry waits", "entries wait")} to be sealed.");
        if (findings.Retired > 0) await output.WriteLineAsync($"{Counted(findings.Retired, "older entry was", "older entries were")} retired; the seals fit.");
        if (findings.Newest is { } newest)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Block {newest.Number}, sealed {newest.SealedAt:yyyy-MM-dd HH:mm:ss'Z'}, has the hash {newest.Hash}"));
        if (anchors is not null) await output.WriteLineAsync($"{Counted(anchors.Count, "anchor fits", "anchors fit")} the chain; the newest is that of block {findings.Anchored?.Block}.");
        return AuditOutcome.Intact;
    }

    private async Task<AuditOutcome> NotCheckedAsync(string reason)
    {
        await errors.WriteLineAsync($"The audit was not checked. {reason}");
        return AuditOutcome.Unknown;
    }

    private static string Counted(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary>The services that the command needs, with the settings of the application. What runs in the background does not run.</summary>
    private IHost Host()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        configure?.Invoke(builder.Configuration);
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData();
        builder.AddAudit();
        return builder.Build();
    }
}
