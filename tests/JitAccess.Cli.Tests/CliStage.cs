using System.Text.Json;
using JitAccess.Domain.People;
using JitAccess.Web.Tests.Api;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;

namespace JitAccess.Cli.Tests;

/// <summary>The program against a real server, each person with a folder of their own.</summary>
internal sealed class CliStage : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("jit-tests-").FullName;

    private CliStage(ApiStage api) => Api = api;

    public ApiStage Api { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CliStage> CreateAsync() => new(await ApiStage.CreateOnSocketAsync());

    public string FolderOf(Actor actor) => Path.Combine(_root, actor.Subject, "jit");

    /// <summary>Runs a command line for somebody.</summary>
    public async Task<(int Code, string Out, string Error)> RunAsync(Actor actor, params string[] arguments)
    {
        await using StringWriter output = new(), error = new();
        using CliContext context = Context(actor, output, error);
        int code = await Jit.RunAsync(arguments, context, Cancellation);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command line that must succeed, and reads its JSON.</summary>
    public async Task<JsonElement> JsonAsync(Actor actor, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(actor, [.. arguments, "--json"]);
        Assert.True(code == ExitCode.Done, $"{code}: {error}");
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Signs somebody in with the program, who confirms it as on the page.</summary>
    public async Task<(int Code, string Out, string Error)> LoginAsync(Actor actor, Func<DeviceLoginService, DeviceLogin, Task>? answer = null, params string[] arguments)
    {
        await Api.SignInAsync(actor);
        await using StringWriter output = new(), error = new();
        using CliContext context = Context(actor, output, error);
        Task<int> running = Jit.RunAsync(arguments.Contains("--server") ? ["login", .. arguments] : ["login", "--server", Api.Address.ToString(), .. arguments], context, Cancellation);
        DeviceLoginService logins = Api.Get<DeviceLoginService>();
        await Until.TrueAsync(() => error.ToString().Contains("user_code=", StringComparison.Ordinal) || running.IsCompleted, "the program shows a code");
        if (!running.IsCompleted)
        {
            DeviceLogin login = await logins.FindAsync(actor, error.ToString().Split("user_code=")[1][..9], Cancellation);
            await (answer ?? ((service, shown) => service.ConfirmAsync(actor, shown.Id, Cancellation)))(logins, login);
        }
        // The server's clock, and with it the program's, moves as far as the program waits.
        while (!running.IsCompleted)
        {
            Api.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancellation);
        }
        return (await running, output.ToString(), error.ToString());
    }

    public CliContext Context(Actor actor, TextWriter output, TextWriter error, Func<Terminal.ITerminal>? terminal = null) => new()
    {
        Out = output,
        Error = error,
        Folder = FolderOf(actor),
        Time = Api.World.Clock,
        DeviceName = "test-machine",
        OpenTerminal = terminal ?? (() => throw new InvalidOperationException("No terminal in this test.")),
    };

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
