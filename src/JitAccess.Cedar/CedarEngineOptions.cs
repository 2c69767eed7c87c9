namespace JitAccess.Cedar;

/// <summary>The limits that a <see cref="CedarEngine"/> works under; policy text is user input.</summary>
public sealed record CedarEngineOptions
{
    /// <summary>The longest text that <see cref="CedarEngine.Parse(string)"/> and <see cref="CedarEngine.Format(string)"/> accept, in UTF-16 characters.</summary>
    public int MaxTextLength { get; init; } = 64 * 1024;

    /// <summary>How many instances of the engine may work at the same time; further callers wait for one.</summary>
    public int MaxInstances { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>How long a caller waits for an instance before it gets a <see cref="CedarEngineException"/>.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The memory that one instance may take, in bytes.</summary>
    public long MaxMemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The work that one call may take, in units of about one machine instruction.</summary>
    public ulong MaxFuel { get; init; } = 4_000_000_000;
}
