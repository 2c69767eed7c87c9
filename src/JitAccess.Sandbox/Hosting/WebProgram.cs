using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using JitAccess.Sandbox.Processes;

namespace JitAccess.Sandbox.Hosting;

/// <summary>The real application, published by the build, run as a child process.</summary>
internal sealed class WebProgram(IReadOnlyDictionary<string, string> settings, string logFile)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What must not reach the application from whoever starts the sandbox: a developer's own AWS profile would be
    /// a way out of the sandbox, and settings of theirs a demo of something else.
    /// </summary>
    private static readonly string[] ForeignPrefixes =
        ["AWS_", "PG", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "HTTP_PORTS", "HTTPS_PORTS", "URLS", "Kestrel__", "ConnectionStrings__", "Identity__", "Aws__", "Notifications__", "Logging__"];

    private static readonly string Folder =
        typeof(WebProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "WebFolder").Value!;

    /// <summary>The same dotnet that runs the sandbox.</summary>
    private static readonly string DotNet =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using ChildProcess migration = await StartAsync(["--migrate"]);
        int exitCode = await migration.Exited.WaitAsync(cancellationToken);
        if (exitCode != 0)
            throw Failed($"The migration of the database ended with exit code {exitCode}", migration);
    }

    /// <summary>Starts the server and waits until it says that it is ready.</summary>
    public async Task<ChildProcess> ServeAsync(IReadOnlyList<Uri> addresses, CancellationToken cancellationToken)
    {
        ChildProcess server = await StartAsync(["--urls", string.Join(';', addresses.Select(address => address.GetLeftPart(UriPartial.Authority)))]);
        try
        {
            await WaitUntilReadyAsync(server, new Uri(addresses[0], "/health/ready"), cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public SandboxException Failed(string what, ChildProcess child) =>
        new($"""
            {what}. Its last lines:
            {child.LastLines}
            All of them are in {logFile}.
            """);

    private Task<ChildProcess> StartAsync(IReadOnlyList<string> arguments)
    {
        string program = Path.Combine(Folder, "JitAccess.Web.dll");
        if (!File.Exists(program))
            throw new SandboxException($"The application is not in {Folder}. Build src/JitAccess.Sandbox, which publishes it there.");
        Dictionary<string, string?> environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => ForeignPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(name => name, _ => (string?)null);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach ((string key, string value) in settings)
            environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return ChildProcess.StartAsync(new ChildProcessOptions(DotNet, ["exec", program, .. arguments])
        {
            WorkingDirectory = Folder,
            Environment = environment,
            LogFile = logFile,
        });
    }

    private async Task WaitUntilReadyAsync(ChildProcess server, Uri health, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartPatience);
        using HttpClient http = new();
        string lastAnswer = "nothing";
        while (!server.Exited.IsCompleted)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(health, deadline.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
                lastAnswer = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(deadline.Token)}";
                await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Failed($"The application was not ready within {StartPatience.TotalSeconds} s; {health} answers: {lastAnswer}", server);
            }
        }
        throw Failed($"The application ended while starting, exit code {await server.Exited}", server);
    }
}
