using System.Data;
using JitAccess.Domain.Audit;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>Reads the whole audit as one snapshot and checks it, while writing and sealing go on. What it holds in memory does not grow with the audit.</summary>
public sealed class AuditVerification(NpgsqlDataSource database)
{
    /// <summary>How much older than what was sealed before an entry may say it is.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const int BlocksAtOnce = 1000;
    private const int SealColumns = 4;

    /// <summary>Checks all blocks and entries, until the first problem.</summary>
    /// <exception cref="NpgsqlException">The store could not be read to the end; nothing is known.</exception>
    public async Task<AuditFindings> CheckAsync(TimeSpan tolerance, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // Rows come in the order of the index, one by one: no sort and no hash table over millions of entries.
        await using (NpgsqlCommand plan = new("set transaction read only; set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_sort = off; set local jit = off", connection))
            await plan.ExecuteNonQueryAsync(cancellationToken);

        ChainCheck check = new(tolerance);
        AuditProblem? problem = await CheckChainAsync(connection, check, cancellationToken);
        await using (NpgsqlCommand plan = new("set local enable_hashjoin = on; set local enable_mergejoin = on; set local enable_sort = on", connection)) await plan.ExecuteNonQueryAsync(cancellationToken);
        long waiting = 0;
        if (problem is null) (problem, waiting) = await CheckUnsealedAsync(connection, check.Entries, cancellationToken);
        return new AuditFindings(problem, check.Entries, waiting, check.Block);
    }

    private static async Task<AuditProblem?> CheckChainAsync(NpgsqlConnection connection, ChainCheck check, CancellationToken cancellationToken)
    {
        long after = long.MinValue;
        while (true)
        {
            List<AuditBlock> blocks = await BlocksAsync(connection, after, cancellationToken);
            bool isLast = blocks.Count < BlocksAtOnce;
            // Seals whose block is gone are read, too.
            long until = isLast ? long.MaxValue : blocks[^1].Number;
            if (await CheckSealsAsync(connection, check, blocks, after, until, cancellationToken) is { } problem) return problem;
            if (isLast) return check.End();
            after = until;
        }
    }

    private static async Task<AuditProblem?> CheckSealsAsync(NpgsqlConnection connection, ChainCheck check, List<AuditBlock> blocks, long after, long until, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            $"select s.block, s.position, s.entry_id, s.leaf, {StoredEntries.Columns} from audit_seals s left join audit_entries e on e.id = s.entry_id where s.block > $1 and s.block <= $2 order by s.block, s.position",
            connection)
        {
            Parameters = { new() { Value = after }, new() { Value = until } },
            CommandTimeout = 0,
        };
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        int begun = 0;
        while (await rows.ReadAsync(cancellationToken))
        {
            AuditSeal seal = new(rows.GetInt64(0), rows.GetInt32(1), rows.GetGuid(2), DigestAt(rows, 3));
            for (; begun < blocks.Count && blocks[begun].Number <= seal.Block; begun++)
            {
                if (check.Begin(blocks[begun]) is { } wrongBlock) return wrongBlock;
            }
            StoredEntry? entry;
            try
            {
                entry = StoredEntries.Read(rows, SealColumns);
            }
            catch (Exception exception) when (exception is InvalidCastException or OverflowException or ArgumentException)
            {
                // A value that no version of the application could have written, such as a time before the year 1.
                return new(AuditProblemKind.EntryChanged, seal.Block, seal.EntryId, $"Entry {seal.EntryId} was changed: it is sealed at place {seal.Position} of block {seal.Block}, and cannot be read any more.");
            }
            if (check.Add(seal, entry) is { } problem) return problem;
        }
        for (; begun < blocks.Count; begun++)
        {
            if (check.Begin(blocks[begun]) is { } wrongBlock) return wrongBlock;
        }
        return null;
    }

    private static async Task<List<AuditBlock>> BlocksAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("select number, count, root, previous, is_complete, sealed_at, hash from audit_blocks where number > $1 order by number limit $2", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = BlocksAtOnce } },
            CommandTimeout = 0,
        };
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        List<AuditBlock> blocks = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            blocks.Add(new AuditBlock
            {
                Number = rows.GetInt64(0),
                Count = rows.GetInt32(1),
                Root = DigestAt(rows, 2),
                Previous = DigestAt(rows, 3),
                IsComplete = rows.GetBoolean(4),
                SealedAt = rows.GetFieldValue<DateTimeOffset>(5),
                Hash = DigestAt(rows, 6),
            });
        }
        return blocks;
    }

    // Something else than a digest is one that fits nothing.
    private static Digest DigestAt(NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column) is { Length: Digest.Length } bytes ? new Digest(bytes) : default;

    /// <summary>Whether every entry that no block seals waits for it, and everything that waits is there.</summary>
    private static async Task<(AuditProblem? Problem, long Waiting)> CheckUnsealedAsync(NpgsqlConnection connection, long sealedEntries, CancellationToken cancellationToken)
    {
        if (await IdAsync("select w.entry_id from audit_waiting w where not exists (select from audit_entries e where e.id = w.entry_id) order by w.number limit 1") is { } removed)
            return (new(AuditProblemKind.EntryRemoved, null, removed, $"Entry {removed} was removed before it was sealed."), 0);

        await using NpgsqlCommand count = new(
            """
            select (select count(*) from audit_entries),
                   (select count(*) from audit_waiting w where not exists (select from audit_seals s where s.entry_id = w.entry_id))
            """, connection)
        { CommandTimeout = 0 };
        long all, waiting;
        await using (NpgsqlDataReader counts = await count.ExecuteReaderAsync(cancellationToken))
        {
            await counts.ReadAsync(cancellationToken);
            (all, waiting) = (counts.GetInt64(0), counts.GetInt64(1));
        }
        // Every sealed entry was found once. Only if there are more than those and the waiting ones, they are looked for.
        if (all == sealedEntries + waiting) return (null, waiting);
        Guid? inserted = await IdAsync(
            """
            select e.id from audit_entries e
            where not exists (select from audit_seals s where s.entry_id = e.id) and not exists (select from audit_waiting w where w.entry_id = e.id) order by e.id limit 1
            """);
        return (new(AuditProblemKind.EntryInserted, null, inserted, $"Entry {inserted} was inserted: no block seals it, and it does not wait for one."), waiting);

        async Task<Guid?> IdAsync(string sql)
        {
#pragma warning disable CA2100 // The texts stand above.
            await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
            return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
        }
    }
}
