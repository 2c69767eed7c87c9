namespace JitAccess.Sandbox.Postgres;

internal static class PostgresSettings
{
    /// <summary>For servers whose data nobody will miss: nothing waits for the disk.</summary>
    public static readonly IReadOnlyList<string> Throwaway =
    [
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_connections=300",
    ];
}
