namespace JitAccess.Sandbox.Processes;

internal sealed record ChildProcessOptions(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Changes to the inherited environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The user to run as; null is the caller. Only root can name another one.</summary>
    public string? RunAs { get; init; }

    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    /// <summary>Where standard output and error are appended.</summary>
    public string? LogFile { get; init; }
}
