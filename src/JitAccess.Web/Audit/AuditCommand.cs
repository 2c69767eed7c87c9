using System.Globalization;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Audit;

/// <summary>The command <c>JitAccess.Web audit verify</c>.</summary>
internal sealed class AuditCommand(TextWriter output, TextWriter errors, Action<IConfigurationBuilder>? configure = null)
{
    public const string Usage =
        """
        JitAccess.Web audit verify [--tolerance MINUTES]
            Checks every audit entry against the blocks that seal it, and names the first one that was changed, removed, inserted or moved.
            --tolerance: by how much an entry may say it is older than what was sealed before it; 5 minutes unless said.

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
        if (ToleranceOf(arguments) is not { } tolerance)
        {
            await errors.WriteLineAsync(Usage);
            return AuditOutcome.Unknown;
        }
        try
        {
            using IHost host = Host();
            await using (JitAccessDbContext database = await host.Services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync(cancellationToken))
            {
                if ((await database.Database.GetPendingMigrationsAsync(cancellationToken)).Any()) return await NotCheckedAsync("The database lacks migrations. Run JitAccess.Web --migrate.");
            }
            return await ReportAsync(await host.Services.GetRequiredService<AuditVerification>().CheckAsync(tolerance, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it was: nobody may take it for “fine” or for “broken”.
            return await NotCheckedAsync(exception.IsFromDatabase() ? $"The database does not answer as it should: {exception.GetBaseException().Message}" : exception.Message);
        }
    }

    private async Task<AuditOutcome> ReportAsync(AuditFindings findings)
    {
        if (findings.Problem is { } problem)
        {
            await errors.WriteLineAsync($"{problem.Kind}: {problem.Message}");
            await errors.WriteLineAsync($"{Counted(findings.Entries, "entry", "entries")} before it {(findings.Entries == 1 ? "is" : "are")} as sealed. The check ended there.");
            return AuditOutcome.Broken;
        }
        await output.WriteLineAsync($"{Counted(findings.Entries, "entry is", "entries are")} as written, in {Counted(findings.Newest?.Number ?? 0, "block", "blocks")}. {Counted(findings.Waiting, "entry waits", "entries wait")} to be sealed.");
        if (findings.Newest is { } newest)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Block {newest.Number}, sealed {newest.SealedAt:yyyy-MM-dd HH:mm:ss'Z'}, has the hash {newest.Hash}"));
        return AuditOutcome.Intact;
    }

    private async Task<AuditOutcome> NotCheckedAsync(string reason)
    {
        await errors.WriteLineAsync($"The audit was not checked. {reason}");
        return AuditOutcome.Unknown;
    }

    private static TimeSpan? ToleranceOf(string[] arguments) => arguments switch
    {
        ["verify"] => AuditVerification.DefaultTolerance,
        ["verify", "--tolerance", var minutes] when int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => TimeSpan.FromMinutes(number),
        _ => null,
    };

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
