namespace JitAccess.Cli.Terminal;

/// <summary>Where a person sees output and types. While it is open, every key goes through as it is.</summary>
internal interface ITerminal : IDisposable
{
    /// <summary>Columns and rows.</summary>
    (ushort Columns, ushort Rows) Size { get; }

    /// <summary>The size has changed.</summary>
    event Action? Resized;

    /// <summary>Waits for keys.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    int Read(Span<byte> buffer);

    void Write(ReadOnlySpan<byte> output);
}
