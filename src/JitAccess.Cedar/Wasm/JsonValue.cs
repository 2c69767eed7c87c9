namespace JitAccess.Cedar.Wasm;

/// <summary>What the engine takes for a JavaScript value: JSON in UTF-8 that nobody but the engine itself reads or writes.</summary>
internal sealed record JsonValue(ReadOnlyMemory<byte> Utf8);

/// <summary>What the engine takes for a JavaScript string.</summary>
internal sealed record JsonString(ReadOnlyMemory<byte> Utf8);
