using System.Data;
using Npgsql;

namespace JitAccess.Benchmarks;

/// <summary>The rows that one submit wrote, as parameters of plain INSERT statements.</summary>
internal sealed class SameRows
{
    private static readonly string[] Tables = ["requests", "audit_entries", "outbox"];
    private readonly NpgsqlDataSource _database;
    private readonly List<(string Sql, List<Column> Columns)> _inserts;

    private SameRows(NpgsqlDataSource database, List<(string, List<Column>)> inserts) => (_database, _inserts) = (database, inserts);

    /// <summary>Reads the newest row of each table that a submit writes.</summary>
    public static async Task<SameRows> ReadAsync(NpgsqlDataSource database)
    {
        List<(string, List<Column>)> inserts = [];
        foreach (string table in Tables)
        {
            // Columns that the database fills by itself are left to it, here as in the application.
            List<string> names = await TextsAsync(database, $"select attname from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attidentity = ''");
            List<Column> columns = [];
            await using NpgsqlCommand command = database.CreateCommand($"select {string.Join(", ", names)} from {table} limit 1");
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync()) throw new InvalidOperationException($"The submit wrote no row to {table}.");
            for (int column = 0; column < reader.FieldCount; column++)
                columns.Add(new Column(names[column], reader.GetDataTypeName(column), reader.GetValue(column)));
            inserts.Add(($"insert into {table} ({string.Join(", ", names)}) values ({string.Join(", ", names.Select((_, index) => $"${index + 1}"))})", columns));
        }
        return new SameRows(database, inserts);
    }

    /// <summary>Inserts the rows in one transaction: new ids, another requester, everything else the same.</summary>
    public async Task InsertAsync(string requester)
    {
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlBatch batch = new(connection, transaction);
        foreach ((string sql, List<Column> columns) in _inserts)
        {
            NpgsqlBatchCommand insert = new(sql);
            foreach (Column column in columns)
            {
                object value = column switch
                {
                    { Name: "id", Value: Guid } => Guid.CreateVersion7(),
                    { Name: "requester" } => requester,
                    _ => column.Value,
                };
                insert.Parameters.Add(new NpgsqlParameter { Value = value, DataTypeName = column.DataType });
            }
            batch.BatchCommands.Add(insert);
        }
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static async Task<List<string>> TextsAsync(NpgsqlDataSource database, string sql)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult);
        List<string> texts = [];
        while (await reader.ReadAsync()) texts.Add(reader.GetString(0));
        return texts;
    }

    private sealed record Column(string Name, string DataType, object Value);
}
