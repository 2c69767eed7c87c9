using System.Diagnostics.CodeAnalysis;

namespace JitAccess.Cedar;

/// <summary>A policy text in Cedar's usual layout, or why it cannot be laid out.</summary>
/// <param name="Text">The text laid out, comments included; null when there are errors.</param>
/// <param name="Errors">Why the text does not parse; empty when it does.</param>
public sealed record FormatResult(string? Text, IReadOnlyList<Diagnostic> Errors)
{
    /// <summary>Whether the text parses.</summary>
    [MemberNotNullWhen(true, nameof(Text))]
    public bool IsValid => Text is not null;
}
