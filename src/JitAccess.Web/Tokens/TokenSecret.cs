using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Tokens;

/// <summary>Secrets of 256 random bits. Their kind can be read from the front, so that a scanner for leaked secrets finds them; only their hash is stored.</summary>
internal static class TokenSecret
{
    public const string Access = "jit_at_";

    public const string Refresh = "jit_rt_";

    public const string Device = "jit_dc_";

    // Longer than any that was given out: what somebody sends is not hashed at any length.
    private const int LongestText = 128;

    // Without vowels, so that no word comes out, and without letters that are mistaken for digits.
    private const string UserLetters = "BCDFGHJKLMNPQRSTVWXZ";

    public static string New(string kind) => kind + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The SHA-256 of a secret of this kind; null for what cannot be one. The secret is random enough to need no salt and no slow hash.</summary>
    public static Digest? HashOf(string kind, string? secret) =>
        secret?.StartsWith(kind, StringComparison.Ordinal) == true && secret.Length <= LongestText ? new Digest(SHA256.HashData(Encoding.UTF8.GetBytes(secret))) : null;

    /// <summary>What a person types to name a device login: <c>BCDF-GHJK</c>.</summary>
    public static string NewUserCode()
    {
        string letters = RandomNumberGenerator.GetString(UserLetters, 8);
        return $"{letters[..4]}-{letters[4..]}";
    }

    /// <summary>A user code however it was typed; null for what cannot be one.</summary>
    public static string? UserCodeOf(string? typed)
    {
        if (typed is null || typed.Length > 32) return null;
        string letters = string.Concat(typed.Where(char.IsAsciiLetter)).ToUpperInvariant();
        return letters.Length == 8 ? $"{letters[..4]}-{letters[4..]}" : null;
    }
}
