using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JitAccess.Web.Audit.Export;

/// <summary>Hands out entries of the audit as a file, oldest first, as they come from the store: nothing grows with their number. That somebody did is in the audit itself.</summary>
public sealed class AuditExport(NpgsqlDataSource database, IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    // Between two questions no connection and no snapshot is held by somebody who reads slowly.
    internal const int EntriesAtOnce = 1000;

    private static readonly JsonSerializerOptions FilterJson = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Records that the actor takes entries out.</summary>
    /// <returns>When: only entries before it are handed out.</returns>
    /// <exception cref="Domain.RefusedException">The actor may not read the audit.</exception>
    public async Task<DateTimeOffset> BeginAsync(Actor actor, AuditFilter filter, ExportFormat format, CancellationToken cancellationToken)
    {
        AuditEntry.CanRead(actor).ThrowIfRefused();
        DateTimeOffset now = time.GetUtcNow();
        await using JitAccessDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Record(new AuditEntry(actor, AuditAction.AuditExported, "audit", $"Exported {(filter.IsEmpty ? "all entries" : $"the entries {filter.InWords}")} as {InWords(format)}.", now)
        {
            After = JsonSerializer.Serialize(new { Format = format.ToString(), Filter = filter }, FilterJson),
        });
        await context.SaveChangesAsync(cancellationToken);
        return now;
    }

    /// <summary>Writes the entries before an instant, and a mark that says how many they were: a file without it is cut.</summary>
    internal async Task WriteAsync(Stream stream, AuditFilter filter, DateTimeOffset before, ExportFormat format, CancellationToken cancellationToken)
    {
        await using ExportWriter writer = ExportWriter.For(format, stream, before);
        await writer.BeginAsync(cancellationToken);
        AuditPlace? after = null;
        do after = await WriteSomeAsync(writer, filter, before, after, cancellationToken);
        while (after is not null);
        await writer.EndAsync(cancellationToken);
    }

    /// <summary>Writes the next entries.</summary>
    /// <returns>The place of the last; null if there may be no more.</returns>
    private async Task<AuditPlace?> WriteSomeAsync(ExportWriter writer, AuditFilter filter, DateTimeOffset before, AuditPlace? after, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction snapshot = await AuditConditions.BeginAsync(connection, cancellationToken);
        AuditConditions conditions = await AuditConditions.ForAsync(connection, filter, cancellationToken);
        conditions.Add("e.at < @before", "before", before);
        string from = after is null ? "true" : "(e.at, e.id) > (@at, @id)";
#pragma warning disable CA2100 // The texts stand here and in AuditConditions; values are parameters.
        await using NpgsqlCommand command = new(string.Create(CultureInfo.InvariantCulture,
            $$"""
            select {{StoredEntries.Columns}}, s.block, s.position, coalesce(r.requester, g.holder, o.holder)
            from (select *, case when subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then subject::uuid end as about
                  from audit_entries e where {{conditions.Sql}} and {{from}} order by at, id limit {{EntriesAtOnce}}) e
            left join audit_seals s on s.entry_id = e.id
            left join requests r on r.id = e.about left join grants g on g.id = e.about left join sessions o on o.id = e.about
            order by e.at, e.id
            """), connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(conditions.Parameters.ToArray());
        if (after is { } place)
        {
            command.Parameters.Add(new NpgsqlParameter("at", place.At));
            command.Parameters.Add(new NpgsqlParameter("id", place.Id));
        }
        int written = 0;
        AuditPlace? last = null;
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            StoredEntry entry = StoredEntries.Read(rows, 0)!;
            await writer.WriteAsync(new ExportedEntry(entry,
                rows.IsDBNull(StoredEntries.Count) ? null : rows.GetInt64(StoredEntries.Count),
                rows.IsDBNull(StoredEntries.Count + 1) ? null : rows.GetInt32(StoredEntries.Count + 1),
                rows.IsDBNull(StoredEntries.Count + 2) ? null : rows.GetString(StoredEntries.Count + 2)), cancellationToken);
            last = new AuditPlace(entry.At, entry.Id);
            written++;
        }
        return written == EntriesAtOnce ? last : null;
    }

    private static string InWords(ExportFormat format) => format switch
    {
        ExportFormat.Csv => "CSV",
        ExportFormat.JsonLines => "JSON Lines",
        ExportFormat.Ocsf => "OCSF",
    };
}
