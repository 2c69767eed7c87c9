namespace JitAccess.Cedar;

/// <summary>The limits that a <see cref="CedarEngine"/> works under; policy text is user input.</summary>
public sealed record CedarEngineOptions
{
    /// <summary>The longest text that <see cref="CedarEngine.Parse"/> and <see cref="CedarEngine.Format"/> accept, in UTF-16 characters.</summary>
    public int MaxTextLength { get; init; } = 64 * 1024;

    /// <summary>How many instances of the engine may work at the same time; further callers wait for one.</summary>
    public int MaxInstances { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>How long a caller waits for an instance before it gets a <see cref="CedarEngineException"/>.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The memory that one instance may take, in bytes. Ten thousand short policies take about 34 MiB.</summary>
    public long MaxMemoryBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>The work that one call may take, in WebAssembly instructions. The usual limit is about two seconds; ten thousand short policies take half of it to parse.</summary>
    public ulong MaxFuel { get; init; } = 20_000_000_000;
}
