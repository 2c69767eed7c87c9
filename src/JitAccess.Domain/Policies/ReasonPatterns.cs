using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace JitAccess.Domain.Policies;

/// <summary>Regular expressions that admins write and requesters' texts meet: read such that no text can make them slow.</summary>
internal static class ReasonPatterns
{
    // Without backtracking the time grows with the text's length alone.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly (string Sign, string Name)[] Refused =
    [
        ("(?=", "a look-ahead (?=…)"),
        ("(?!", "a negative look-ahead (?!…)"),
        ("(?<=", "a look-behind (?<=…)"),
        ("(?<!", "a negative look-behind (?<!…)"),
        ("(?>", "an atomic group (?>…)"),
        ("(?(", "a condition (?(…)…)"),
        ("\\k", "a back-reference \\k<…>"),
        .. Enumerable.Range(1, 9).Select(number => ($"\\{number}", $"a back-reference \\{number}")),
        ("\\G", "the anchor \\G"),
    ];

    /// <summary>Why the pattern cannot be used, in words; null if it can.</summary>
    public static string? WhyNot(string pattern) => TryRead(pattern, out _, out string? why) ? null : why;

    /// <summary>The expression for whole texts.</summary>
    public static bool TryRead(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? why)
    {
        (regex, why) = (null, null);
        if (pattern.Length > ReasonRule.MaximumTextLength)
        {
            why = $"has {pattern.Length} characters; at most {ReasonRule.MaximumTextLength} are allowed";
            return false;
        }
        try
        {
            // Read by itself first: a text such as a)|(b would be one only between the brackets that hold it to the whole text.
            _ = new Regex(pattern, Options);
            regex = new Regex($@"\A(?:{pattern})\z", Options);
            return true;
        }
        catch (RegexParseException exception)
        {
            why = $"is no regular expression: {ErrorInWords(exception.Error)} at character {Math.Clamp(exception.Offset, 1, Math.Max(1, pattern.Length))}";
        }
        catch (NotSupportedException)
        {
            why = Refused.Where(construct => pattern.Contains(construct.Sign, StringComparison.Ordinal)).Select(construct => construct.Name).FirstOrDefault() is { } name
                ? $"uses {name}, which could make it slow and is not supported; write it without"
                : "repeats too much, which could make it slow; ask for fewer repetitions";
        }
        return false;
    }

    private static string ErrorInWords(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a bracket ( is not closed",
        RegexParseError.InsufficientOpeningParentheses => "a bracket ) was never opened",
        RegexParseError.UnterminatedBracket => "a set [ is not closed",
        RegexParseError.QuantifierAfterNothing => "there is nothing to repeat",
        RegexParseError.NestedQuantifiersNotParenthesized => "a repetition is repeated",
        RegexParseError.UnescapedEndingBackslash => "a backslash stands at the end",
        RegexParseError.UnrecognizedEscape => "an escape is not known",
        RegexParseError.ReversedCharacterRange => "a range is the wrong way round",
        RegexParseError.ReversedQuantifierRange => "a repetition is the wrong way round",
        _ => "it cannot be read",
    };
}
