using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>Reads the audit for admins and auditors; for everybody else there is none. In SQL, column by column: also an entry whose action this version does not know is shown.</summary>
public sealed class AuditQueries(NpgsqlDataSource database)
{
    internal const int PageSize = 50;

    // A block a second for an hour: enough to reach a block that was anchored, and no file too large to send on.
    private const int MostFollowing = 3600;

    /// <summary>A page of entries, newest first.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="before">Only entries before this place; null to begin with the newest.</param>
    /// <param name="newest">The newest entry that is shown: later ones are counted and not shown; null to show all.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<AuditPageRows> ListAsync(Actor actor, AuditFilter filter, AuditPlace? before, AuditPlace? newest, CancellationToken cancellationToken)
    {
        AuditEntry.CanRead(actor).ThrowIfRefused();
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction snapshot = await AuditConditions.BeginAsync(connection, cancellationToken);
        AuditConditions conditions = await AuditConditions.ForAsync(connection, filter, cancellationToken);
        string from = before is not null ? "(e.at, e.id) < (@at, @id)" : newest is not null ? "(e.at, e.id) <= (@at, @id)" : "true";
        await using NpgsqlCommand list = Command(connection, conditions, before ?? newest,
            $"""
            select e.id, e.at, e.actor, e.actor_name, e.action, e.node_id, n.name, e.why, s.block
            from (select id, at, actor, actor_name, action, node_id, why from audit_entries e where {conditions.Sql} and {from} order by at desc, id desc limit {PageSize + 1}) e
            left join nodes n on n.id = e.node_id left join audit_seals s on s.entry_id = e.id
            order by e.at desc, e.id desc
            """);
        List<AuditRow> rows = [];
        await using (NpgsqlDataReader read = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await read.ReadAsync(cancellationToken))
            {
                rows.Add(new AuditRow(read.GetGuid(0), read.GetFieldValue<DateTimeOffset>(1), Text(read, 2), read.GetString(3), read.GetString(4),
                    Text(read, 5), Text(read, 6), read.GetString(7), read.IsDBNull(8) ? null : read.GetInt64(8)));
            }
        }
        bool more = rows.Count > PageSize;
        if (more) rows.RemoveAt(PageSize);
        int newer = 0;
        if (before is null && newest is not null)
        {
            await using NpgsqlCommand count = Command(connection, conditions, newest,
                $"select count(*)::int from (select from audit_entries e where {conditions.Sql} and (e.at, e.id) > (@at, @id) order by at, id limit {AuditPageRows.MostNewer}) newer");
            newer = (int)(await count.ExecuteScalarAsync(cancellationToken))!;
        }
        return new AuditPageRows(rows, more ? new AuditPlace(rows[^1].At, rows[^1].Id) : null, newer);
    }

    /// <summary>One entry.</summary>
    /// <exception cref="RefusedException">It does not exist, or the actor may not read the audit: both look the same.</exception>
    public async Task<AuditEntryDetails> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (!AuditEntry.CanRead(actor).IsAllowed) throw RefusedException.NotFound("entry");
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        StoredEntry entry;
        string? nodeName;
        long? block;
        int? position;
        await using (NpgsqlCommand command = new(
            $"""
            select {StoredEntries.Columns}, n.name, s.block, s.position
            from audit_entries e left join nodes n on n.id = e.node_id left join audit_seals s on s.entry_id = e.id where e.id = $1
            """, connection)
        { Parameters = { new() { Value = id } } })
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken)) throw RefusedException.NotFound("entry");
            entry = StoredEntries.Read(row, 0)!;
            nodeName = Text(row, StoredEntries.Count);
            block = row.IsDBNull(StoredEntries.Count + 1) ? null : row.GetInt64(StoredEntries.Count + 1);
            position = row.IsDBNull(StoredEntries.Count + 2) ? null : row.GetInt32(StoredEntries.Count + 2);
        }
        (Guid Id, long Number)? request = Guid.TryParse(entry.Subject, out Guid subject) ? await RequestAsync(connection, subject, cancellationToken) : null;
        return new AuditEntryDetails(entry, nodeName, request?.Id, request?.Number, block, position);
    }

    /// <summary>What shows that one entry is in the audit, for somebody without access to it.</summary>
    /// <exception cref="RefusedException">It does not exist, is not the actor's to see, or waits for its seal.</exception>
    public async Task<EntryProof> ProveAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        StoredEntry entry = (await FindAsync(actor, id, cancellationToken)).Entry;
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        List<(int Position, Guid EntryId, Digest Leaf)> seals = [];
        long number = 0;
        await using (NpgsqlCommand command = new("select s.block, s.position, s.entry_id, s.leaf from audit_seals mine join audit_seals s on s.block = mine.block where mine.entry_id = $1 order by s.position", connection) { Parameters = { new() { Value = id } } })
        await using (NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                number = rows.GetInt64(0);
                seals.Add((rows.GetInt32(1), rows.GetGuid(2), AuditBlocks.DigestAt(rows, 3)));
            }
        }
        int position = seals.FindIndex(seal => seal.EntryId == id);
        if (position < 0) throw new RefusedException(RefusalKind.Conflict, "The entry is not sealed yet. It is within a second; try again then.");
        List<AuditBlock> blocks = await AuditBlocks.ReadAsync(connection, number - 1, long.MaxValue, MostFollowing + 1, cancellationToken);
        if (blocks.Count == 0 || blocks[0].Number != number) throw new RefusedException(RefusalKind.Conflict, "The block that seals the entry is missing. Check the audit.");
        return new EntryProof(entry, InclusionProof.For(blocks[0], [.. seals.Select(seal => seal.Leaf)], position), [.. blocks.Skip(1)]);
    }

    /// <summary>The request that something belongs to: itself, its grant, or one of its sessions.</summary>
    private static async Task<(Guid Id, long Number)?> RequestAsync(NpgsqlConnection connection, Guid subject, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            """
            select r.id, r.number from requests r where r.id in (
                select id from requests where id = $1 union all select request_id from grants where id = $1
                union all select g.request_id from sessions s join grants g on g.id = s.grant_id where s.id = $1)
            """, connection)
        { Parameters = { new() { Value = subject } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetGuid(0), row.GetInt64(1)) : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, AuditConditions conditions, AuditPlace? place, string sql)
    {
#pragma warning disable CA2100 // The texts stand here and in AuditConditions; values are parameters.
        NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(conditions.Parameters.ToArray());
        if (place is { } known)
        {
            command.Parameters.Add(new NpgsqlParameter("at", known.At));
            command.Parameters.Add(new NpgsqlParameter("id", known.Id));
        }
        return command;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
