using System.Diagnostics;
using System.Globalization;

namespace JitAccess.Web.Tests.Faults;

/// <summary>A process with the application's services that is killed (SIGKILL) in the middle of its work.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly PostgresWire _wire;

    private Victim(Process process, PostgresWire wire) => (_process, _wire) = (process, wire);

    /// <summary>A process that is ready to work, connected through a wire of its own.</summary>
    public static async Task<Victim> StartAsync(string connectionString, IReadOnlyDictionary<string, string?> settings)
    {
        PostgresWire wire = new(connectionString);
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "JitAccess.Victim.dll"));
        start.ArgumentList.Add(wire.ConnectionString);
        foreach ((string key, string? value) in settings) start.ArgumentList.Add($"--{key}={value}");
        // It lives for one piece of work.
        start.Environment["DOTNET_TieredPGO"] = "0";
        Victim victim = new(Process.Start(start)!, wire);
        await victim.SaysAsync("ready");
        return victim;
    }

    /// <summary>Has the work done, and kills the process before the step of this number, from 0.</summary>
    /// <returns>False when the work was done in fewer steps, and nobody was killed.</returns>
    public async Task<bool> IsKilledAtAsync(int step, string work, DateTimeOffset now)
    {
        _wire.StopAfter(step);
        await _process.StandardInput.WriteLineAsync($"{now.ToString("O", CultureInfo.InvariantCulture)} {work}");
        Task<string?> answer = _process.StandardOutput.ReadLineAsync();
        if (await Task.WhenAny(_wire.Reached, answer).WaitAsync(Patience) == answer)
        {
            await SaysAsync("done", answer);
            return false;
        }
        _process.Kill();
        await _process.WaitForExitAsync();
        // The kernel closes a killed process's connections; those beyond the wire are closed here.
        await _wire.DisposeAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _wire.DisposeAsync();
    }

    private Task SaysAsync(string word) => SaysAsync(word, _process.StandardOutput.ReadLineAsync());

    private async Task SaysAsync(string word, Task<string?> answer)
    {
        if (await answer.WaitAsync(Patience) != word) Assert.Fail($"The victim did not come to “{word}”: {await _process.StandardError.ReadToEndAsync()}");
    }
}
