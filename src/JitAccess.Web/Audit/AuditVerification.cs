using System.Data;
using System.Globalization;
using JitAccess.Domain.Audit;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>Reads the whole audit as one snapshot and checks it, while writing and sealing go on. What it holds in memory does not grow with the audit.</summary>
public sealed class AuditVerification(NpgsqlDataSource database)
{
    /// <summary>How much older than what was sealed before an entry may say it is.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const int BlocksAtOnce = 1000;

    // Rows that were asked for are read to the end, also after a problem: so many at most are read in vain.
    private const int EntriesAtOnce = 200_000;

    // Between what the store counts its times from, 2000-01-01, and 1970-01-01.
    private const long EpochMicroseconds = 946_684_800_000_000;

    private const int EntriesPerStep = 10_000;
    private const int SealColumns = 4;
    private const int TimeColumn = 1;

    /// <summary>Checks all blocks and entries, until the first problem.</summary>
    /// <exception cref="NpgsqlException">The store could not be read to the end; nothing is known.</exception>
    public Task<AuditFindings> CheckAsync(TimeSpan tolerance, CancellationToken cancellationToken) => CheckAsync(tolerance, null, null, cancellationToken);

    /// <summary>Checks all blocks and entries, and that the blocks are those that were anchored, until the first problem.</summary>
    /// <param name="tolerance">How much older than what was sealed before an entry may say it is.</param>
    /// <param name="anchors">Hashes that were kept elsewhere, by block; null for none.</param>
    /// <param name="progress">Told now and then how far the check is.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="NpgsqlException">The store could not be read to the end; nothing is known.</exception>
    public async Task<AuditFindings> CheckAsync(TimeSpan tolerance, IReadOnlyDictionary<long, AuditAnchor>? anchors, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // Rows come in the order of the index, one by one: no sort and no hash table over millions of entries.
        await using (NpgsqlCommand plan = new("set transaction read only; set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_sort = off; set local jit = off", connection))
            await plan.ExecuteNonQueryAsync(cancellationToken);
        if (progress is not null)
        {
            progress = new Of(progress, await SealedAsync(connection, cancellationToken));
            progress.Report(default);
        }

        ChainCheck check = new(tolerance, anchors, await AuditRetirement.ReadAsync(connection, cancellationToken));
        AuditProblem? problem = await CheckChainAsync(connection, check, progress, cancellationToken);
        await using (NpgsqlCommand plan = new("set local enable_hashjoin = on; set local enable_mergejoin = on; set local enable_sort = on", connection)) await plan.ExecuteNonQueryAsync(cancellationToken);
        long waiting = 0;
        if (problem is null) (problem, waiting) = await CheckUnsealedAsync(connection, check.Entries, cancellationToken);
        return new AuditFindings(problem, check.Entries, waiting, check.Block, check.Anchored) { Retired = check.Retired };
    }

    private static async Task<long> SealedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("select coalesce(sum(count), 0)::bigint from audit_blocks", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<AuditProblem?> CheckChainAsync(NpgsqlConnection connection, ChainCheck check, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        long after = long.MinValue;
        while (true)
        {
            List<AuditBlock> blocks = await BlocksAsync(connection, after, cancellationToken);
            // Seals whose block is gone are read, too.
            long until = blocks.Count == 0 ? long.MaxValue : blocks[^1].Number;
            if (await CheckSealsAsync(connection, check, blocks, after, until, progress, cancellationToken) is { } problem) return problem;
            if (blocks.Count == 0) return check.Finish();
            after = until;
        }
    }

    private static async Task<AuditProblem?> CheckSealsAsync(
        NpgsqlConnection connection, ChainCheck check, List<AuditBlock> blocks, long after, long until, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        await using NpgsqlRawCopyStream copy = await connection.BeginRawBinaryCopyAsync(string.Create(CultureInfo.InvariantCulture,
            $"""
            copy (select s.block, s.position, s.entry_id, s.leaf, {StoredEntries.Columns} from audit_seals s left join audit_entries e on e.id = s.entry_id
            where s.block > {after} and s.block <= {until} order by s.block, s.position) to stdout (format binary)
            """), cancellationToken);
        CopyRows rows = new(copy);
        int begun = 0;
        while (await rows.NextAsync(cancellationToken))
        {
            long block = rows.Int64(0);
            for (; begun < blocks.Count && blocks[begun].Number <= block; begun++)
            {
                if (check.Begin(blocks[begun]) is { } wrongBlock) return wrongBlock;
            }
            long? at = Take(rows, check.Entry);
            if (check.Add(block, rows.Int32(1), rows.Guid(2), AuditBlocks.DigestOf(rows[3]), at) is { } problem) return problem;
            if (check.Entries % EntriesPerStep == 0) progress?.Report(new(check.Entries, 0));
        }
        for (; begun < blocks.Count; begun++)
        {
            if (check.Begin(blocks[begun]) is { } wrongBlock) return wrongBlock;
        }
        return null;
    }

    /// <summary>Hands the columns of the entry in this row to the encoder, byte by byte as the store sends them.</summary>
    /// <returns>When the entry says that it happened; null if there is none.</returns>
    private static long? Take(CopyRows rows, LeafEncoder encoder)
    {
        if (rows.IsNull(SealColumns)) return null;
        encoder.Begin();
        long at = 0;
        for (byte column = 0; column < StoredEntries.Count; column++)
        {
            int field = SealColumns + column;
            if (rows.IsNull(field)) continue;
            byte tag = (byte)(column + 1);
            if (column != TimeColumn) encoder.Add(tag, rows[field]);
            else encoder.Add(tag, at = unchecked(rows.Int64(field) + EpochMicroseconds));
        }
        return at;
    }

    /// <summary>The next blocks, with no more entries together than are asked for at once.</summary>
    private static async Task<List<AuditBlock>> BlocksAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        List<AuditBlock> blocks = await AuditBlocks.ReadAsync(connection, after, long.MaxValue, BlocksAtOnce, cancellationToken);
        int entries = 0;
        int taken = blocks.TakeWhile(block => (entries += int.Clamp(block.Count, 0, EntriesAtOnce)) <= EntriesAtOnce).Count();
        return blocks[..int.Max(taken, int.Min(1, blocks.Count))];
    }

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

    /// <summary>Puts the number of all entries beside those that are checked.</summary>
    private sealed class Of(IProgress<AuditProgress> progress, long all) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => progress.Report(value with { All = all });
    }
}
