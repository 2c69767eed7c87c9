using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace JitAccess.Cedar;

/// <summary>Policies by id, each the Cedar text of one statement; immutable. The text is checked when the engine first uses it.</summary>
public sealed class PolicySet
{
    /// <summary>The given policies.</summary>
    /// <param name="policies">The Cedar text of one <c>permit</c> or <c>forbid</c> statement by the id that results name it with.</param>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public PolicySet(IEnumerable<KeyValuePair<string, string>> policies)
    {
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, text) in policies)
            copy.Add(id, text);
        Policies = new ReadOnlyDictionary<string, string>(copy);
        ContentHash = Hash(copy);
    }

    /// <summary>The set without policies; it denies everything.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>The Cedar text of each policy by its id, in the order given.</summary>
    public IReadOnlyDictionary<string, string> Policies { get; }

    /// <summary>SHA-256 over ids and texts in hexadecimal digits; the same for every set with the same content, whatever the order.</summary>
    public string ContentHash { get; }

    private static string Hash(Dictionary<string, string> policies)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (id, text) in policies.OrderBy(policy => policy.Key, StringComparer.Ordinal))
        {
            Append(id);
            Append(text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // The length goes first, so that no two sets share one run of characters.
        void Append(string text)
        {
            hash.AppendData(BitConverter.GetBytes(text.Length));
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }
}
