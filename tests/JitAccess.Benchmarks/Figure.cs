using System.Globalization;

namespace JitAccess.Benchmarks;

/// <summary>What a benchmark prints, one line a figure.</summary>
internal static class Figure
{
    public static void Print(string name, double number, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure {name} {number:0.###} {unit}"));

    /// <summary>The value below which the given share of the sorted values lies.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
}
