using System.Collections.Immutable;
using System.Text;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>Patterns as people type them, <c>E-1*</c>, and in pieces as Cedar has them, null for each <c>*</c>.</summary>
internal static class TextPattern
{
    /// <summary>A backslash keeps a star or a backslash from meaning anything; before any other character it is itself.</summary>
    public static ImmutableArray<string?> ToPieces(string pattern)
    {
        ImmutableArray<string?>.Builder pieces = ImmutableArray.CreateBuilder<string?>();
        StringBuilder piece = new();
        for (int index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == '*')
            {
                EndPiece();
                pieces.Add(null);
                continue;
            }
            if (pattern[index] == '\\' && index + 1 < pattern.Length && pattern[index + 1] is '*' or '\\') index++;
            piece.Append(pattern[index]);
        }
        EndPiece();
        return pieces.ToImmutable();

        void EndPiece()
        {
            if (piece.Length > 0) pieces.Add(piece.ToString());
            piece.Clear();
        }
    }

    /// <summary>The pattern that has these pieces.</summary>
    public static string FromPieces(ImmutableArray<string?> pieces) => string.Concat(pieces.Select(piece => piece is null ? "*" : Escape(piece)));

    /// <summary>The pattern that only this very text is like.</summary>
    public static string Escape(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal);
}
