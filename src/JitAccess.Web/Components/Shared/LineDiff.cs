namespace JitAccess.Web.Components.Shared;

/// <summary>Which lines of two texts are not in the other: what stands out when they are shown side by side.</summary>
public static class LineDiff
{
    // Beyond so many pairs of lines nothing is marked; both texts are shown all the same.
    private const int Most = 250_000;

    /// <summary>The lines of both texts, each with whether it is only in that one.</summary>
    public static (IReadOnlyList<(string Line, bool IsOnlyHere)> Before, IReadOnlyList<(string Line, bool IsOnlyHere)> After) Between(string before, string after)
    {
        (string[] one, string[] other) = (Lines(before), Lines(after));
        (bool[] keptHere, bool[] keptThere) = ((long)one.Length * other.Length > Most) ? (All(one), All(other)) : Common(one, other);
        return ([.. one.Select((line, index) => (line, !keptHere[index]))], [.. other.Select((line, index) => (line, !keptThere[index]))]);
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static bool[] All(string[] lines) => [.. lines.Select(_ => true)];

    // The longest common subsequence, by the table of its lengths from each pair of lines to the end.
    private static (bool[], bool[]) Common(string[] one, string[] other)
    {
        int[,] length = new int[one.Length + 1, other.Length + 1];
        for (int i = one.Length - 1; i >= 0; i--)
        {
            for (int j = other.Length - 1; j >= 0; j--)
                length[i, j] = one[i] == other[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        }
        bool[] here = new bool[one.Length], there = new bool[other.Length];
        for (int i = 0, j = 0; i < one.Length && j < other.Length;)
        {
            if (one[i] == other[j]) (here[i++], there[j++]) = (true, true);
            else if (length[i + 1, j] >= length[i, j + 1]) i++;
            else j++;
        }
        return (here, there);
    }
}
