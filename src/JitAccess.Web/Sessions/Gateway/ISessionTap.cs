namespace JitAccess.Web.Sessions.Gateway;

/// <summary>Hears everything that passes through a session: each byte of output once, in order, before any page shows it.</summary>
public interface ISessionTap
{
    /// <summary>Output; the session goes on when the task ends.</summary>
    ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken);

    /// <summary>Keystrokes, before they go to the node.</summary>
    void OnInput(ReadOnlySpan<byte> input);

    /// <summary>The terminal has another size.</summary>
    void OnResize(int columns, int rows);
}
