using System.Text;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using JitAccess.Web.Live;
using JitAccess.Web.Policies.Documents;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies.Commands;

/// <summary>The commands <c>JitAccess.Web policies export|import|check</c>, with which policies live in Git.</summary>
internal sealed class PoliciesCommand(TextWriter output, TextWriter errors, Action<IConfigurationBuilder>? configure = null)
{
    /// <summary>Whether the program was started for one of these commands.</summary>
    public static bool IsAsked(string[] arguments) => arguments is ["policies", ..];

    /// <summary>Runs the command that the program was started for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments) =>
        (int)await new PoliciesCommand(Console.Out, Console.Error).RunAsync(arguments[1..], CancellationToken.None);

    /// <param name="arguments">What stands behind <c>policies</c>.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<ExitCode> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (PoliciesArguments.Parse(arguments, out string message) is not { } asked)
        {
            bool wantsHelp = arguments is ["--help" or "-h", ..];
            await (wantsHelp ? output : errors).WriteLineAsync(message);
            return wantsHelp ? ExitCode.Done : ExitCode.Usage;
        }
        try
        {
            if (asked.Verb == "check") return await CheckAsync(asked, cancellationToken);
            using IHost host = Host();
            await MustBeMigratedAsync(host.Services, cancellationToken);
            return asked.Verb == "export" ? await ExportAsync(asked, host.Services, cancellationToken) : await ImportAsync(asked, host.Services, cancellationToken);
        }
        catch (RefusedException refusal)
        {
            await errors.WriteLineAsync(refusal.Message);
            return ExitCode.Problems;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(exception.Message);
            return ExitCode.Usage;
        }
        catch (Exception exception) when (exception is DatabaseMissingException || exception.IsFromDatabase())
        {
            await errors.WriteLineAsync($"The database does not answer as it should: {exception.GetBaseException().Message}");
            return ExitCode.Database;
        }
    }

    private async Task<ExitCode> CheckAsync(PoliciesArguments asked, CancellationToken cancellationToken)
    {
        using CedarEngine engine = new();
        PolicyImport import = PolicyImports.Read(FileName(asked), await ContentAsync(asked, cancellationToken), asked.Name, PolicySet.Empty, engine);
        await ReportAsync(import, asked);
        return import.IsUsable ? ExitCode.Done : ExitCode.Problems;
    }

    private async Task<ExitCode> ExportAsync(PoliciesArguments asked, IServiceProvider services, CancellationToken cancellationToken)
    {
        PolicyQueries queries = services.GetRequiredService<PolicyQueries>();
        Actor actor = CommandLineActor.Now();
        PolicySet policies = asked.Draft
            ? await queries.DraftAsync(actor, cancellationToken)
            : await queries.PublishedAsync(actor, asked.Version, cancellationToken);
        string document = PolicyDocument.Write(policies, asked.Format);
        if (asked.Output is { } file) await File.WriteAllTextAsync(file, document, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        else await output.WriteAsync(document);
        return ExitCode.Done;
    }

    private async Task<ExitCode> ImportAsync(PoliciesArguments asked, IServiceProvider services, CancellationToken cancellationToken)
    {
        Actor actor = CommandLineActor.Now();
        ImportPreview preview = await services.GetRequiredService<PolicyQueries>().PreviewAsync(actor, FileName(asked), await ContentAsync(asked, cancellationToken), asked.Name, cancellationToken);
        await ReportAsync(preview.Import, asked);
        if (!preview.Import.IsUsable)
        {
            await errors.WriteLineAsync("Nothing was imported.");
            return ExitCode.Problems;
        }
        if (preview.DraftBy is { } editors && !asked.ReplaceDraft)
            throw new RefusedException(RefusalKind.Conflict, $"There is a draft with changes by {editors}. Nothing was imported. Publish or discard it first, or say --replace-draft to import into it.");
        PolicyRevision after = await services.GetRequiredService<PolicyService>().ImportAsync(actor, preview.Revision, preview.Import, asked.Comment, cancellationToken);
        foreach (PolicyChange change in preview.Changes) await output.WriteLineAsync($"{change.Kind}: {change.Name}. {string.Join(" ", change.Sentences)}".TrimEnd());
        await output.WriteLineAsync(after switch
        {
            _ when after == preview.Revision => "Nothing differs; nothing was changed.",
            { Draft: null } when after.Version != preview.Revision.Version => $"Version {after.Version} is in force.",
            { Draft: null } => "Nothing differs from the version in force any more; the draft is gone.",
            _ => "The draft is written. It decides nothing until it is published.",
        });
        return ExitCode.Done;
    }

    private async Task ReportAsync(PolicyImport import, PoliciesArguments asked)
    {
        foreach (DocumentProblem problem in import.Problems)
            await errors.WriteLineAsync($"{asked.File}:{problem.Line}:{problem.Column}: {(problem.IsWarning ? "warning: " : "")}{problem.Message}");
    }

    private static string FileName(PoliciesArguments asked) => asked.File is { } file and not "-" ? Path.GetFileName(file) : "";

    private static async Task<byte[]> ContentAsync(PoliciesArguments asked, CancellationToken cancellationToken)
    {
        await using Stream stream = asked.File == "-" ? Console.OpenStandardInput() : File.OpenRead(asked.File!);
        // One byte more than is read, so that a larger document is told to be too large.
        byte[] content = new byte[PolicyImports.MaximumBytes + 1];
        int length = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return content[..length];
    }

    /// <summary>The services that the commands need, with the settings of the application. What runs in the background does not run.</summary>
    private IHost Host()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        configure?.Invoke(builder.Configuration);
        // The standard output is the document's.
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        try
        {
            builder.AddData();
        }
        catch (InvalidOperationException exception)
        {
            throw new DatabaseMissingException(exception.Message);
        }
        builder.AddLive();
        builder.AddPolicies();
        return builder.Build();
    }

    private static async Task MustBeMigratedAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync(cancellationToken);
        if ((await database.Database.GetPendingMigrationsAsync(cancellationToken)).Any()) throw new DatabaseMissingException("It lacks migrations. Run JitAccess.Web --migrate.");
    }

    private sealed class DatabaseMissingException(string message) : Exception(message);
}
