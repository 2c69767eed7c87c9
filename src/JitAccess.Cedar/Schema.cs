using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace JitAccess.Cedar;

/// <summary>What entities, attributes, tags and actions there are, in Cedar's schema language; immutable. The text is checked when the engine first uses it.</summary>
/// <param name="text">The schema's text.</param>
public sealed class Schema(string text)
{
    /// <summary>The schema's text.</summary>
    public string Text { get; } = text;

    internal string ContentHash { get; } = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));
}
