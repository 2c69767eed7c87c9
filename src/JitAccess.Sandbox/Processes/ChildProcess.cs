using System.Diagnostics;
using System.Text;

namespace JitAccess.Sandbox.Processes;

/// <summary>
/// A program that ends with this process, however this process ends.
/// On Linux the kernel signals the child when the parent dies, and the child has a session of its own,
/// so that Ctrl-C in the terminal reaches the parent alone, which then stops its children in order.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int RememberedLines = 40;

    private static readonly Lazy<string?> SetPriv = new(() => FindTool("setpriv"));

    private static readonly Lazy<string?> SetSid = new(() => FindTool("setsid"));

    private readonly Process process;
    private readonly ChildProcessOptions options;
    private readonly StreamWriter? log;
    private readonly Queue<string> lastLines = new();
    private readonly Lock gate = new();

    private ChildProcess(Process process, ChildProcessOptions options)
    {
        this.process = process;
        this.options = options;
        if (options.LogFile is { } path)
            log = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
    }

    /// <summary>Whether this machine can run a child as another user on behalf of root.</summary>
    public static bool CanRunAsOtherUser => SetPriv.Value is not null;

    public int Id { get; private set; }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    public string LastLines
    {
        get
        {
            lock (gate)
                return string.Join(Environment.NewLine, lastLines);
        }
    }

    public static async Task<ChildProcess> StartAsync(ChildProcessOptions options)
    {
        Process process = new() { StartInfo = StartInfo(options) };
        ChildProcess child = new(process, options);
        try
        {
            await ProcessStarter.StartAsync(process);
        }
        catch
        {
            child.Close();
            throw;
        }
        child.Id = process.Id;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        child.Exited = child.WaitForExitAsync();
        return child;
    }

    /// <summary>Runs a program to its end; what it said is the answer, or the error's message when it failed.</summary>
    public static async Task<string> RunAsync(ChildProcessOptions options, CancellationToken cancellationToken)
    {
        await using ChildProcess child = await StartAsync(options);
        int exitCode = await child.Exited.WaitAsync(cancellationToken);
        return exitCode == 0
            ? child.LastLines
            : throw new InvalidOperationException($"{Path.GetFileName(options.FileName)} ended with exit code {exitCode}: {child.LastLines}");
    }

    /// <summary>Asks the program to end and, when it has not ended in time, ends it and its children by force.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!Exited.IsCompleted && !OperatingSystem.IsWindows())
        {
            UnixSignal.Send(Id, options.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(patience));
        }
        if (!Exited.IsCompleted)
            process.Kill(entireProcessTree: true);
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10));
        Close();
    }

    /// <summary>A tool of util-linux; BusyBox has the same names, but not the options that are needed here.</summary>
    private static string? FindTool(string name) =>
        OperatingSystem.IsLinux() && ProgramPath.Find(name) is { } path
            && !Path.GetFileName(ProgramPath.Resolve(path)).StartsWith("busybox", StringComparison.Ordinal)
            ? path
            : null;

    private static ProcessStartInfo StartInfo(ChildProcessOptions options)
    {
        List<string> command = [];
        if (SetSid.Value is { } setSid)
            command.Add(setSid);
        if (SetPriv.Value is { } setPriv)
        {
            command.AddRange([setPriv, "--pdeathsig", options.StopSignal == StopSignal.Interrupt ? "INT" : "TERM"]);
            if (options.RunAs is { } user)
                command.AddRange(["--reuid", user, "--regid", user == "nobody" ? "nogroup" : user, "--init-groups"]);
            command.Add("--");
        }
        else if (options.RunAs is not null)
        {
            throw new InvalidOperationException("setpriv (package util-linux) is needed to start a program as another user.");
        }
        command.Add(options.FileName);
        command.AddRange(options.Arguments);

        ProcessStartInfo info = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach ((string name, string? value) in options.Environment)
            info.Environment[name] = value;
        return info;
    }

    private async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private void Remember(string? line)
    {
        if (line is null)
            return;
        lock (gate)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > RememberedLines)
                lastLines.Dequeue();
            log?.WriteLine(line);
        }
    }

    private void Close()
    {
        process.Dispose();
        lock (gate)
            log?.Dispose();
    }
}
