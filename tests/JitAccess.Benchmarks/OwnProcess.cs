using System.Diagnostics;

namespace JitAccess.Benchmarks;

/// <summary>This program once more, as a process of its own.</summary>
internal static class OwnProcess
{
    /// <summary>Starts it; what it says can be read, and its input ends with the caller's.</summary>
    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        // Run by dotnet, the program's own file comes first.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
