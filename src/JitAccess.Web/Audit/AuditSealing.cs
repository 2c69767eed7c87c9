using JitAccess.Domain.Audit;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>
/// Closes what was written since into the next block of the chain, every second, on whichever replica comes first. An entry waits for it from the commit of
/// its own transaction on, so one that commits late is sealed late, and none is passed over, whatever order ids and times have.
/// </summary>
internal sealed class AuditSealing(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<AuditSealing> logger) : DueWork(time, logger)
{
    /// <summary>How many entries a block has at most.</summary>
    internal const int BlockSize = 5000;

    // Any number that nothing else in this database locks.
    internal const long ChainLock = 0x4A49_5441_7564_6974;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await database.Set<WaitingEntry>().AnyAsync(cancellationToken)) return false;
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // A chain has one end. Whoever does not get the lock leaves the work to the one who has it, until the commit.
        if (!await database.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({ChainLock}) as \"Value\"").SingleAsync(cancellationToken)) return false;
        AuditBlock? previous = await database.AuditBlocks.OrderByDescending(block => block.Number).FirstOrDefaultAsync(cancellationToken);

        NpgsqlConnection connection = (NpgsqlConnection)database.Database.GetDbConnection();
        List<StoredEntry> entries = await WaitingAsync(connection, cancellationToken);
        bool isComplete = entries.Count <= BlockSize;
        if (!isComplete) entries.RemoveAt(BlockSize);
        // What waits and is not there was removed before it was sealed: it keeps waiting, for the check to find.
        if (entries.Count == 0) return false;

        long number = AuditBlock.NumberAfter(previous);
        LeafEncoder encoder = new();
        MerkleTree tree = new();
        List<AuditSeal> seals = new(entries.Count);
        foreach (StoredEntry entry in entries)
        {
            Digest leaf = encoder.Leaf(number, seals.Count, entry);
            seals.Add(new AuditSeal(number, seals.Count, entry.Id, leaf));
            tree.Add(leaf);
        }
        database.AuditBlocks.Add(AuditBlock.Close(previous, tree, isComplete, Time.GetUtcNow()));
        await database.SaveChangesAsync(cancellationToken);
        await WriteAsync(connection, number, seals, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return !isComplete;
    }

    /// <summary>What waits longest, and one more than a block takes, to know whether something is left.</summary>
    private static async Task<List<StoredEntry>> WaitingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            $"""
            select {StoredEntries.Columns} from audit_waiting w join audit_entries e on e.id = w.entry_id
            where not exists (select from audit_seals s where s.entry_id = w.entry_id) order by w.number limit $1
            """, connection)
        { Parameters = { new() { Value = BlockSize + 1 } } };
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        List<StoredEntry> entries = [];
        while (await rows.ReadAsync(cancellationToken)) entries.Add(StoredEntries.Read(rows, 0)!);
        return entries;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, long number, List<AuditSeal> seals, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. seals.Select(seal => seal.EntryId)];
        await using NpgsqlBatch batch = new(connection)
        {
            BatchCommands =
            {
                new("insert into audit_seals (block, position, entry_id, leaf) select $1, place - 1, id, leaf from unnest($2, $3) with ordinality as sealed (id, leaf, place)")
                {
                    Parameters = { new() { Value = number }, new() { Value = ids }, new() { Value = seals.Select(seal => seal.Leaf.ToArray()).ToArray() } },
                },
                new("delete from audit_waiting where entry_id = any($1)") { Parameters = { new() { Value = ids } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
