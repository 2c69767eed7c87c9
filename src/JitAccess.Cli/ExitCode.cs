namespace JitAccess.Cli;

/// <summary>What the program says to scripts. docs/cli.md has the same table.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server or the network failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not right.</summary>
    public const int Usage = 2;

    /// <summary>Nobody is signed in, or not any more.</summary>
    public const int NotSignedIn = 3;

    /// <summary>A rule or a policy refuses, or the thing does not exist for this person.</summary>
    public const int Refused = 4;

    /// <summary>The request that was waited for ended without access.</summary>
    public const int NotApproved = 5;
}

/// <summary>Ends a command with an exit code and a message for the person.</summary>
internal sealed class CliException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
