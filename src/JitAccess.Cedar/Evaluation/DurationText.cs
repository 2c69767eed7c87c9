using System.Globalization;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Cedar's <c>duration</c>: <c>1d2h3m4s5ms</c>, each unit at most once and in this order, with one sign for the whole, in milliseconds.</summary>
internal static class DurationText
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Milliseconds, or null for a text that is no duration or does not fit into 64 bits.</summary>
    public static long? TryParse(string text)
    {
        var isNegative = text.StartsWith('-');
        var rest = text.AsSpan(isNegative ? 1 : 0);
        if (rest.IsEmpty)
            return null;

        Int128 total = 0;
        var next = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
                return null;
            var letters = rest[digits..].IndexOfAnyInRange('0', '9') is var end and >= 0 ? end : rest.Length - digits;
            var unit = rest.Slice(digits, letters);
            while (next < Units.Length && !unit.SequenceEqual(Units[next].Unit))
                next++;
            // No number of more digits fits; leading zeros do not count.
            var number = rest[..digits].TrimStart('0');
            if (next == Units.Length || number.Length > 19)
                return null;
            total += (number.IsEmpty ? 0 : Int128.Parse(number, CultureInfo.InvariantCulture)) * Units[next].Milliseconds;
            next++;
            rest = rest[(digits + letters)..];
        }
        if (isNegative)
            total = -total;
        return total >= long.MinValue && total <= long.MaxValue ? (long)total : null;
    }
}
