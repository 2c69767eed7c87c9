using JitAccess.Domain.Audit;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>Reads the blocks of the chain.</summary>
internal static class AuditBlocks
{
    private const string Columns = "number, count, root, previous, is_complete, sealed_at, hash";

    /// <summary>Blocks by number, after one and until another.</summary>
    public static async Task<List<AuditBlock>> ReadAsync(NpgsqlConnection connection, long after, long until, int most, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new($"select {Columns} from audit_blocks where number > $1 and number <= $2 order by number limit $3", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = until }, new() { Value = most } },
            CommandTimeout = 0,
        };
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        List<AuditBlock> blocks = [];
        while (await rows.ReadAsync(cancellationToken)) blocks.Add(Read(rows));
        return blocks;
    }

    /// <summary>The newest block; null if there is none.</summary>
    public static async Task<AuditBlock?> NewestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new($"select {Columns} from audit_blocks order by number desc limit 1", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    public static Digest DigestAt(NpgsqlDataReader row, int column) => DigestOf(row.GetFieldValue<byte[]>(column));

    /// <summary>A digest from what the store holds. Something else than a digest is one that fits nothing.</summary>
    public static Digest DigestOf(ReadOnlySpan<byte> bytes) => bytes.Length == Digest.Length ? new Digest(bytes) : default;

    private static AuditBlock Read(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Count = row.GetInt32(1),
        Root = DigestAt(row, 2),
        Previous = DigestAt(row, 3),
        IsComplete = row.GetBoolean(4),
        SealedAt = row.GetFieldValue<DateTimeOffset>(5),
        Hash = DigestAt(row, 6),
    };
}
