using JitAccess.Domain.Audit;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>Reads audit entries column by column, as they are sealed.</summary>
internal static class StoredEntries
{
    /// <summary>The columns in the order of <see cref="StoredEntry"/>, of a table named <c>e</c>.</summary>
    public const string Columns = "e.id, e.at, e.actor, e.actor_name, e.actor_identity, e.actor_address, e.action, e.subject, e.node_id, e.before::text, e.after::text, e.policy_set_version, e.why";

    /// <summary>How many columns those are. The number of each, from 1, is its tag in the encoding.</summary>
    public const int Count = 13;

    /// <summary>The entry whose first column is the one named; null if there is none in this row.</summary>
    public static StoredEntry? Read(NpgsqlDataReader row, int first)
    {
        if (row.IsDBNull(first)) return null;
        return new StoredEntry(
            row.GetGuid(first), row.GetFieldValue<DateTimeOffset>(first + 1), Text(2), row.GetString(first + 3), Text(4), Text(5), row.GetString(first + 6),
            row.GetString(first + 7), Text(8), Text(9), Text(10), row.IsDBNull(first + 11) ? null : row.GetInt32(first + 11), row.GetString(first + 12));

        string? Text(int column) => row.IsDBNull(first + column) ? null : row.GetString(first + column);
    }
}
