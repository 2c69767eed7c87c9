using System.Text.Json;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Makes values and entities ready for evaluation, from records and from Cedar's JSON format (https://docs.cedarpolicy.com/auth/entities-syntax.html).</summary>
internal static class ValueReader
{
    // Of JSON, as deep as the engine reads it.
    private const int MaximumDepth = 512;

    /// <exception cref="FormatException">A value of an extension type has an argument that Cedar does not read.</exception>
    public static EntityData Read(Entity entity) =>
        new(new EntityName(entity.Uid), ReadAttributes(entity.Attributes), ReadAttributes(entity.Tags), [.. entity.Parents.Select(parent => new EntityName(parent))]);

    /// <exception cref="FormatException">A value of an extension type has an argument that Cedar does not read.</exception>
    public static RecordValue ReadAttributes(IReadOnlyDictionary<string, CedarValue> attributes) =>
        attributes.Count == 0 ? RecordValue.Empty : new RecordValue([.. attributes.Select(attribute => KeyValuePair.Create(attribute.Key, Read(attribute.Value)))]);

    /// <exception cref="FormatException">A value of an extension type has an argument that Cedar does not read.</exception>
    public static Value Read(CedarValue value) => value switch
    {
        CedarString text => new Value(text.Value),
        CedarLong number => Value.Of(number.Value),
        CedarBool truth => Value.Of(truth.Value),
        CedarEntityReference reference => new Value(new EntityName(reference.Uid)),
        CedarExtension extension => Call(extension.Function, [new Value(extension.Argument)]),
        CedarSet set => new Value(new SetValue([.. set.Items.Select(Read)])),
        CedarRecord record => new Value(ReadAttributes(record.Attributes)),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <exception cref="FormatException">The text is not Cedar's JSON format for a context.</exception>
    public static RecordValue ReadContext(ReadOnlyMemory<byte> utf8) => Reading("The context", utf8, context => ReadAttributes(context));

    /// <exception cref="FormatException">The text is not Cedar's JSON format for entities.</exception>
    public static IReadOnlyList<EntityData> ReadEntities(ReadOnlyMemory<byte> utf8) =>
        Reading<IReadOnlyList<EntityData>>("Entities", utf8, entities => [.. entities.EnumerateArray().Select(ReadEntity)]);

    private static T Reading<T>(string what, ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException($"{what} cannot be read: {exception.Message}", exception);
        }
    }

    private static EntityData ReadEntity(JsonElement entity) => new(
        ReadUid(entity.GetProperty("uid")),
        entity.TryGetProperty("attrs", out var attributes) ? ReadAttributes(attributes) : RecordValue.Empty,
        entity.TryGetProperty("tags", out var tags) ? ReadAttributes(tags) : RecordValue.Empty,
        entity.TryGetProperty("parents", out var parents) ? [.. parents.EnumerateArray().Select(ReadUid)] : []);

    private static EntityName ReadUid(JsonElement uid)
    {
        if (uid.TryGetProperty("__entity", out var inner))
            uid = inner;
        return new EntityName(Text(uid.GetProperty("type")), Text(uid.GetProperty("id")));
    }

    private static RecordValue ReadAttributes(JsonElement attributes) =>
        new([.. attributes.EnumerateObject().Select(attribute => KeyValuePair.Create(attribute.Name, ReadValue(attribute.Value)))]);

    private static Value ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        JsonValueKind.String => new Value(Text(value)),
        JsonValueKind.Number when value.TryGetInt64(out var number) => Value.Of(number),
        JsonValueKind.Array => new Value(new SetValue([.. value.EnumerateArray().Select(ReadValue)])),
        JsonValueKind.Object when value.TryGetProperty("__entity", out var uid) => new Value(ReadUid(uid)),
        JsonValueKind.Object when value.TryGetProperty("__extn", out var call) => Call(
            Text(call.GetProperty("fn")),
            call.TryGetProperty("args", out var arguments) ? [.. arguments.EnumerateArray().Select(ReadValue)] : [ReadValue(call.GetProperty("arg"))]),
        JsonValueKind.Object when !value.TryGetProperty("__expr", out _) => new Value(ReadAttributes(value)),
        _ => throw new FormatException($"{value.GetRawText()} is no value of Cedar."),
    };

    private static Value Call(string function, Value[] arguments)
    {
        var value = ExtensionFunctions.Find(function) is { } known && known.Arity == arguments.Length
            ? known.Apply(arguments[0], known.Arity > 1 ? arguments[1] : default, true)
            : new Value(new Failure($"there is no function {function} of {arguments.Length} arguments"));
        return value.Failure is { } failure ? throw new FormatException($"A value of an extension type cannot be read: {failure.Message}.") : value;
    }

    private static string Text(JsonElement text) => text.ValueKind == JsonValueKind.String ? text.GetString()! : throw new FormatException($"{text.GetRawText()} is no text.");
}
