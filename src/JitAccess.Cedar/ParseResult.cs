using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar;

/// <summary>What a matching policy does.</summary>
public enum Effect
{
    /// <summary>It allows, unless a forbid matches too.</summary>
    Permit,

    /// <summary>It denies, whatever else matches.</summary>
    Forbid,
}

/// <summary>One statement of a policy text.</summary>
/// <param name="Text">Its text from its first word to its semicolon, without the comments before it.</param>
/// <param name="Effect">Whether it permits or forbids.</param>
/// <param name="Annotations">Its annotations (<c>@id("…")</c>) by name; one without a value has an empty one.</param>
/// <param name="Span">Where it stands in the text that was parsed.</param>
public sealed record PolicyStatement(string Text, Effect Effect, IReadOnlyDictionary<string, string> Annotations, SourceSpan Span)
{
    /// <summary>How deep its parts are nested in Cedar's JSON policy format; each further term of a chain (<c>a || b || c</c>) is one part deeper, two levels of the format.</summary>
    public int Depth { get; init; }

    /// <summary>The statement taken apart.</summary>
    public required Statement Syntax { get; init; }
}

/// <summary>A policy text taken apart, or why that cannot be done.</summary>
/// <param name="Statements">The statements in the order of the text; empty when there are errors, and for a text that holds none.</param>
/// <param name="Errors">Why the text does not parse; empty when it does.</param>
public sealed record ParseResult(IReadOnlyList<PolicyStatement> Statements, IReadOnlyList<Diagnostic> Errors)
{
    /// <summary>Whether the text parses.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>The statements as a set, named <c>policy0</c>, <c>policy1</c>, … in the order of the text, as Cedar itself names them.</summary>
    /// <exception cref="InvalidOperationException">The text did not parse.</exception>
    public PolicySet ToPolicySet() =>
        IsValid
            ? new PolicySet(Statements.Select((statement, index) => KeyValuePair.Create($"policy{index}", statement.Text)))
            : throw new InvalidOperationException("A text that does not parse holds no policies.");
}
