using JitAccess.Cli.Terminal;
using Spectre.Console;

namespace JitAccess.Cli;

/// <summary>What the commands know of the world around them.</summary>
internal sealed class CliContext : IDisposable
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where everything else goes that a person reads.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The folder of what is kept between runs.</summary>
    public required string Folder { get; init; }

    /// <summary>The server where the options name none; null for the one of the last login.</summary>
    public string? Server { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What this machine calls itself.</summary>
    public string DeviceName { get; init; } = Environment.MachineName;

    /// <summary>Opens the terminal that the program runs in.</summary>
    public Func<ITerminal> OpenTerminal { get; init; } = LocalTerminal.Open;

    /// <summary>Opens standard input, as bytes.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Opens standard output, as bytes.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Whether results are JSON; set by the option.</summary>
    public bool IsJson { get; set; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(100) };

    public static CliContext OfThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        Folder = DefaultFolder(),
        Server = Environment.GetEnvironmentVariable("JIT_SERVER"),
    };

    /// <summary>A console for tables on the results' stream.</summary>
    public IAnsiConsole Screen()
    {
        IAnsiConsole screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Out) });
        // What another program reads is not cut to the width of a screen.
        if (Out != Console.Out || Console.IsOutputRedirected) screen.Profile.Width = 4096;
        return screen;
    }

    public void Dispose() => Http.Dispose();

    private static string DefaultFolder()
    {
        string? configured = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        string root = !string.IsNullOrEmpty(configured) && !OperatingSystem.IsWindows() ? configured
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(root, "jit");
    }
}
