namespace JitAccess.Sandbox.Postgres;

public sealed record PostgresServerOptions
{
    /// <summary>Where the data is kept between runs; null is a temporary folder, removed at dispose.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The port to listen on when it is free; otherwise, and for null, any free one.</summary>
    public int? Port { get; init; }

    /// <summary>False gives up what protects data from a power cut, and is faster: right for throwaway servers.</summary>
    public bool Durable { get; init; } = true;

    internal bool IsTemporary => DataDirectory is null;
}
