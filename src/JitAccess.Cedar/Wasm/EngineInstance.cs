using System.Text;
using Wasmtime;

namespace JitAccess.Cedar.Wasm;

/// <summary>
/// One running copy of the engine; used by one thread at a time. It stands where the JavaScript glue of wasm-bindgen
/// stands elsewhere: values cross the border as JSON in UTF-8, in objects that the engine only hands back.
/// A call that throws leaves the copy in an unknown state: <see cref="IsBroken"/>, to be thrown away.
/// </summary>
internal sealed class EngineInstance : IDisposable
{
    private readonly Store _store;
    private readonly Memory _memory;
    private readonly Func<int, int, int> _allocate;
    private readonly Instance _instance;
    private readonly Dictionary<string, Func<object?, object?>> _functions = [];
    private readonly CedarEngineOptions _options;

    public EngineInstance(EngineModule module, CedarEngineOptions options)
    {
        _options = options;
        _store = new Store(module.Engine);
        _store.SetLimits(memorySize: options.MaxMemoryBytes, tableElements: 10_000, instances: 1, tables: 10, memories: 1);
        _store.Fuel = options.MaxFuel;
        _instance = new Instance(_store, module.Module, module.Module.Imports.Select(import => (object)Import(import.Name)).ToArray());
        _memory = _instance.GetMemory("memory") ?? throw Missing("memory");
        _allocate = _instance.GetFunction<int, int, int>("__wbindgen_malloc") ?? throw Missing("__wbindgen_malloc");
        (_instance.GetAction("__wbindgen_start") ?? throw Missing("__wbindgen_start"))();
    }

    /// <summary>Whether a call failed inside the engine.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The memory that the engine took so far, in bytes; it never gives any back.</summary>
    public long MemoryBytes => _memory.GetLength();

    /// <summary>The policy sets that the engine keeps parsed.</summary>
    public PreparsedSlots PolicySets { get; } = new(16);

    /// <summary>The schemas that the engine keeps parsed.</summary>
    public PreparsedSlots Schemas { get; } = new(4);

    /// <summary>Calls an exported function that takes and returns one value.</summary>
    public ReadOnlyMemory<byte> Call(string function, ReadOnlyMemory<byte> json) => Run(() =>
    {
        if (!_functions.TryGetValue(function, out var call))
            _functions[function] = call = _instance.GetFunction<object?, object?>(function) ?? throw Missing(function);
        return call(new JsonValue(json));
    });

    /// <summary>Calls an exported function that takes a text and returns a value.</summary>
    public ReadOnlyMemory<byte> CallWithText(string function, ReadOnlySpan<byte> text)
    {
        _store.Fuel = _options.MaxFuel;
        var (at, length) = Copy(text);
        return Run(() => (_instance.GetFunction<int, int, object?>(function) ?? throw Missing(function))(at, length));
    }

    /// <summary>Calls an exported function that takes a text and a value and returns a value.</summary>
    public ReadOnlyMemory<byte> CallWithText(string function, string text, ReadOnlyMemory<byte> json)
    {
        _store.Fuel = _options.MaxFuel;
        var (at, length) = Copy(Encoding.UTF8.GetBytes(text));
        return Run(() => (_instance.GetFunction<int, int, object?, object?>(function) ?? throw Missing(function))(at, length, new JsonValue(json)));
    }

    public void Dispose() => _store.Dispose();

    private static InvalidOperationException Missing(string name) => new($"The Cedar engine has no {name}.");

    private ReadOnlyMemory<byte> Run(Func<object?> call)
    {
        _store.Fuel = _options.MaxFuel;
        try
        {
            return call() is JsonValue answer ? answer.Utf8 : throw new InvalidOperationException("The Cedar engine gave no answer.");
        }
        catch (Exception exception)
        {
            IsBroken = true;
            throw new CedarEngineException(Explain(exception), exception);
        }
    }

    private static string Explain(Exception exception) => exception.ToString();

    // The names end in a hash that changes with every release of the engine.
    private Function Import(string name)
    {
        if (name.StartsWith("__wbg_parse_", StringComparison.Ordinal))
            return Function.FromCallback(_store, (int at, int length) => (object)new JsonValue(Read(at, length)));
        if (name.StartsWith("__wbg_stringify_", StringComparison.Ordinal))
            return Function.FromCallback(_store, (object? value) => (object?)(value is JsonValue json ? new JsonString(json.Utf8) : null));
        if (name.StartsWith("__wbg___wbindgen_string_get_", StringComparison.Ordinal))
            return Function.FromCallback(_store, (int result, object? value) => GetString(result, value));
        if (name.StartsWith("__wbg___wbindgen_is_undefined_", StringComparison.Ordinal))
            return Function.FromCallback(_store, (object? value) => value is null ? 1 : 0);
        if (name.StartsWith("__wbg___wbindgen_throw_", StringComparison.Ordinal))
            return Function.FromCallback(_store, (int at, int length) => throw new CedarEngineException(Encoding.UTF8.GetString(Read(at, length))));
        if (name == "__wbindgen_init_externref_table")
            return Function.FromCallback(_store, InitializeTable);
        throw new InvalidOperationException($"The Cedar engine asks for {name}, which is not known here.");
    }

    // Four fixed entries at the end of the table stand for undefined, null, true and false.
    private void InitializeTable()
    {
        var table = _instance.GetTable("__wbindgen_externrefs") ?? throw Missing("__wbindgen_externrefs");
        var offset = (uint)table.Grow(4, null);
        table.SetElement(offset + 1, new JsonValue("null"u8.ToArray()));
        table.SetElement(offset + 2, new JsonValue("true"u8.ToArray()));
        table.SetElement(offset + 3, new JsonValue("false"u8.ToArray()));
    }

    private void GetString(int result, object? value)
    {
        var (at, length) = value is JsonString text ? Copy(text.Utf8.Span) : (0, 0);
        _memory.WriteInt32(result, at);
        _memory.WriteInt32(result + 4, length);
    }

    private (int At, int Length) Copy(ReadOnlySpan<byte> bytes)
    {
        var at = _allocate(bytes.Length, 1);
        bytes.CopyTo(_memory.GetSpan((uint)at, bytes.Length));
        return (at, bytes.Length);
    }

    private byte[] Read(int at, int length) => _memory.GetSpan((uint)at, length).ToArray();
}
