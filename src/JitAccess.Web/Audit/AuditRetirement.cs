using System.Globalization;
using System.Text.Json;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>Entries of one month that were, or would be, retired.</summary>
/// <param name="Name">The table that held them.</param>
/// <param name="Entries">Which, and how many.</param>
internal sealed record RetiredMonth(string Name, RetiredEntries Entries);

/// <summary>Takes whole months out of the audit when their time is over. That it happened is an entry of the audit, and the seals of what is gone stay: the chain is checked over them as before.</summary>
internal sealed class AuditRetirement(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    /// <summary>The newest months that always stay.</summary>
    public const int FewestMonths = 3;

    /// <summary>What the audit itself says was retired.</summary>
    public static async Task<IReadOnlyList<RetiredEntries>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new($"select after::text from audit_entries where action = '{nameof(AuditAction.AuditRetired)}' order by at, id", connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        List<RetiredEntries> retired = [];
        while (await rows.ReadAsync(cancellationToken)) retired.Add(JsonSerializer.Deserialize<RetiredEntries>(rows.GetString(0), JsonSerializerOptions.Web)!);
        return retired;
    }

    /// <summary>Retires all whole months before the newest so many, in one transaction: all of them or none.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="keepMonths">How many months stay, this one not counted.</param>
    /// <param name="isDryRun">True to say only what would be retired.</param>
    /// <param name="cancellationToken">Stops it; nothing is retired then.</param>
    /// <exception cref="RefusedException">Too few months would stay, or an entry is not sealed.</exception>
    /// <exception cref="PostgresException">The database's role does not own the tables, or somebody reads them for too long.</exception>
    public async Task<IReadOnlyList<RetiredMonth>> RetireAsync(Actor actor, int keepMonths, bool isDryRun, CancellationToken cancellationToken)
    {
        if (keepMonths < FewestMonths) throw new RefusedException(RefusalKind.Invalid, $"At least {FewestMonths} months stay. Say --keep-months {FewestMonths} or more.");
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset before = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-keepMonths);
        // Whoever reads or writes meanwhile waits for this, and this for them, but nobody for long.
        if (!isDryRun) await database.Database.ExecuteSqlAsync($"set local lock_timeout = '10s'; lock table audit_entries in access exclusive mode", cancellationToken);
        List<RetiredMonth> retired = [];
        foreach (Part part in await database.Database.SqlQuery<Part>($"""
            select name, coalesce(since, '00000000-0000-0000-0000-000000000000') as since, until from (
                select c.relname::text as name, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([0-9a-f-]+)''\)'))[1]::uuid as since, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([0-9a-f-]+)''\)'))[1]::uuid as until
                from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit_entries'::regclass) parts
            where until <= audit_id_at({before}) order by until
            """).ToListAsync(cancellationToken))
        {
            Counts counts = await database.Database.SqlQuery<Counts>($"""
                select count(*) as entries, count(*) filter (where not exists (select from audit_seals s where s.entry_id = e.id)) as unsealed
                from audit_entries e where e.id >= {part.Since} and e.id < {part.Until}
                """).SingleAsync(cancellationToken);
            if (counts.Unsealed > 0) throw new RefusedException(RefusalKind.Conflict, $"{counts.Unsealed} entries in {part.Name} are not sealed. Nothing was retired; let the application seal them first.");
            RetiredMonth month = new(part.Name, new RetiredEntries(part.Since, part.Until, counts.Entries));
            if (!isDryRun) await DropAsync(database, actor, month, now, cancellationToken);
            retired.Add(month);
        }
        await transaction.CommitAsync(cancellationToken);
        return retired;
    }

    private static async Task DropAsync(JitAccessDbContext database, Actor actor, RetiredMonth month, DateTimeOffset now, CancellationToken cancellationToken)
    {
        database.Record(new AuditEntry(actor, AuditAction.AuditRetired, month.Name, string.Create(CultureInfo.InvariantCulture, $"{month.Entries.Entries} entries were taken out of the database. Their seals stay."), now)
        {
            After = JsonSerializer.Serialize(month.Entries, JsonSerializerOptions.Web),
        });
        await database.SaveChangesAsync(cancellationToken);
        // A name as the database gave it, quoted; names cannot be parameters.
        string name = $"\"{month.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
#pragma warning disable EF1002 // The name is the database's own.
        await database.Database.ExecuteSqlRawAsync($"alter table audit_entries detach partition {name}; drop table {name}", cancellationToken);
#pragma warning restore EF1002
    }

    private sealed record Part(string Name, Guid Since, Guid Until);

    private sealed record Counts(long Entries, long Unsealed);
}
