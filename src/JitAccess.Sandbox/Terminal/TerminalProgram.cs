namespace JitAccess.Sandbox.Terminal;

/// <summary>What runs in a pseudo terminal. The environment is all that the program gets.</summary>
public sealed record TerminalProgram(
    string Path,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory);
