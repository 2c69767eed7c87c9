using System.Globalization;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Cedar's <c>decimal</c>: up to four digits after the point, in 64 bits.</summary>
internal static class DecimalText
{
    private const int Digits = 4;
    private const int Scale = 10_000;

    /// <summary>Ten-thousandths, or null for a text that is no such number or does not fit.</summary>
    public static long? TryParse(string text)
    {
        var isNegative = text.StartsWith('-');
        var number = text.AsSpan(isNegative ? 1 : 0);
        var point = number.IndexOf('.');
        if (point < 0)
            return null;
        var whole = number[..point];
        var fraction = number[(point + 1)..];
        if (whole.IsEmpty || fraction.IsEmpty || fraction.Length > Digits || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return null;

        // Read on the negative side, which reaches one further.
        var part = -long.Parse(fraction, CultureInfo.InvariantCulture);
        for (var digit = fraction.Length; digit < Digits; digit++)
            part *= 10;
        try
        {
            var value = checked(-(Int128)UInt128.Parse(whole, CultureInfo.InvariantCulture) * Scale + part);
            return checked((long)(isNegative ? value : -value));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public static string Format(long value) =>
        string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{Int128.Abs(value) / Scale}.{(Int128.Abs(value) % Scale).ToString("D4", CultureInfo.InvariantCulture)}");
}
