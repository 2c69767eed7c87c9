using System.Data;
using System.Globalization;
using Npgsql;

namespace JitAccess.Web.Audit;

/// <summary>An <see cref="AuditFilter"/> as SQL over <c>audit_entries e</c>. What people write about persons, nodes and requests is looked up first, so that an index can answer.</summary>
internal sealed class AuditConditions
{
    private readonly List<string> _conditions = [];
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>All conditions, each joined by <c>and</c>; <c>true</c> for none.</summary>
    public string Sql => _conditions.Count == 0 ? "true" : string.Join(" and ", _conditions);

    /// <summary>The values of the conditions, by name.</summary>
    public IEnumerable<NpgsqlParameter> Parameters => _parameters.Select(parameter => parameter.Clone());

    /// <summary>Begins to read as of one instant, each statement planned for its own values: what is best for a rare word is not for a frequent one.</summary>
    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using NpgsqlCommand plan = new("set local plan_cache_mode = force_custom_plan", connection);
        await plan.ExecuteNonQueryAsync(cancellationToken);
        return snapshot;
    }

    public static async Task<AuditConditions> ForAsync(NpgsqlConnection connection, AuditFilter filter, CancellationToken cancellationToken)
    {
        AuditConditions conditions = new();
        if (filter.From is { } from) conditions.Add("e.at >= @from", "from", from.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        if (filter.Until is { } until && until < DateOnly.MaxValue) conditions.Add("e.at < @until", "until", until.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        if (filter.Person is { } person)
        {
            if (person.Equals("JitAccess", StringComparison.OrdinalIgnoreCase)) conditions._conditions.Add("e.actor is null");
            else conditions.AnyOf("e.actor", "person", await MeantAsync(connection, "select subject from people where strpos(lower(display_name), lower($1)) > 0 or strpos(lower(subject), lower($1)) > 0", person, cancellationToken));
        }
        if (!filter.Actions.IsEmpty) conditions.AnyOf("e.action", "action", [.. filter.Actions]);
        if (filter.Node is { } node) conditions.AnyOf("e.node_id", "node", await MeantAsync(connection, "select id from nodes where strpos(lower(name), lower($1)) > 0 or strpos(id, lower($1)) > 0", node, cancellationToken));
        if (filter.Subject is { } subject) conditions.AnyOf("e.subject", "subject", await AroundAsync(connection, subject, cancellationToken));
        // The words as they stand in the reason, one after the other; the last need not be whole.
        if (filter.Text is { } text) conditions.Add("to_tsvector('simple', e.why) @@ (nullif(phraseto_tsquery('simple', @text)::text, '') || ':*')::tsquery", "text", text);
        if (filter.Version is { } version) conditions.Add("e.policy_set_version = @version", "version", version);
        return conditions;
    }

    /// <summary>Adds a condition with one value.</summary>
    public void Add(string sql, string name, object value)
    {
        _conditions.Add(sql);
        _parameters.Add(new NpgsqlParameter(name, value));
    }

    // Of one value alone the index gives the order, too.
    private void AnyOf(string column, string name, string[] values) =>
        Add(values.Length == 1 ? $"{column} = @{name}" : $"{column} = any(@{name})", name, values.Length == 1 ? values[0] : values);

    /// <summary>The keys that a text stands for; the text itself if nothing known has it.</summary>
    private static async Task<string[]> MeantAsync(NpgsqlConnection connection, string sql, string text, CancellationToken cancellationToken)
    {
        string[] keys = await KeysAsync(connection, sql, text, cancellationToken);
        return keys.Length == 0 ? [text] : keys;
    }

    /// <summary>Everything around a request: itself, its grant, its sessions. Any other subject stands for itself.</summary>
    private static async Task<string[]> AroundAsync(NpgsqlConnection connection, string subject, CancellationToken cancellationToken)
    {
        string which;
        object value;
        if (Guid.TryParse(subject, out Guid id))
        {
            which = "select id from requests where id = $1 union select request_id from grants where id = $1 union select g.request_id from sessions s join grants g on g.id = s.grant_id where s.id = $1";
            value = id;
        }
        else if (long.TryParse(subject.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            which = "select id from requests where number = $1";
            value = number;
        }
        else
        {
            return [subject];
        }
        string[] keys = await KeysAsync(connection,
            $"""
            with around (request_id) as ({which})
            select request_id::text from around union select g.id::text from grants g join around a on a.request_id = g.request_id
            union select s.id::text from sessions s join grants g on g.id = s.grant_id join around a on a.request_id = g.request_id
            """, value, cancellationToken);
        return keys.Length == 0 ? [subject] : keys;
    }

    private static async Task<string[]> KeysAsync(NpgsqlConnection connection, string sql, object value, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The texts stand above.
        await using NpgsqlCommand command = new(sql, connection) { Parameters = { new() { Value = value } } };
#pragma warning restore CA2100
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        List<string> keys = [];
        while (await rows.ReadAsync(cancellationToken)) keys.Add(rows.GetString(0));
        return [.. keys];
    }
}
