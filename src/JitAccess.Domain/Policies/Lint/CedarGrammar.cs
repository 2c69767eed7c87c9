using System.Globalization;
using System.Text;
using JitAccess.Cedar;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>What is wrong with a text that does not parse, AWS's documentation's own mistakes above all.</summary>
internal sealed class CedarGrammar
{
    private static readonly HashSet<string> ForeignMethods = new(StringComparer.Ordinal)
    {
        "all", "any", "contain", "endsWith", "equals", "every", "exists", "filter", "forEach", "get", "has", "includes", "map", "match", "matches", "size", "some", "startsWith",
    };

    private readonly CedarDraft _draft;
    private readonly CedarEngine _engine;
    private readonly CedarToken[] _tokens;

    private CedarGrammar(CedarDraft draft, CedarEngine engine) =>
        (_draft, _engine, _tokens) = (draft, engine, [.. CedarToken.Read(draft.Text).Where(token => token.Kind != CedarTokenKind.Comment)]);

    public static IReadOnlyList<PolicyProblem> ProblemsOf(CedarDraft draft, IReadOnlyList<Diagnostic> errors, CedarEngine engine)
    {
        CedarGrammar grammar = new(draft, engine);
        // What the engine says of a call that Cedar does not have is about its arguments, which misleads.
        PolicyProblem[] calls = [.. grammar.ForeignCalls()];
        return calls.Length > 0 ? calls : [.. errors.Select(grammar.Explained)];
    }

    private IEnumerable<PolicyProblem> ForeignCalls()
    {
        for (int index = 1; index + 1 < _tokens.Length; index++)
        {
            string name = TextOf(_tokens[index]);
            if (_tokens[index].Kind == CedarTokenKind.Word && TextOf(_tokens[index - 1]) == "." && TextOf(_tokens[index + 1]) == "(" && ForeignMethods.Contains(name))
                yield return _draft.Problem(_tokens[index].Start, _tokens[index].End, $"Cedar has no .{name}(). Ask for a tag with resource.hasTag(\"key\") && resource.getTag(\"key\") == \"value\", for one of several values with [\"a\", \"b\"].contains(…), for a part of a text with like \"a*\".");
        }
    }

    private PolicyProblem Explained(Diagnostic error)
    {
        if (error.Span is not { } span) return new PolicyProblem(CedarDraft.Field, Words(error));
        if (error.Message.StartsWith("expected an entity uid", StringComparison.Ordinal)) return Entity(error, span);
        if (error.Message.StartsWith("'=' is not a valid operator", StringComparison.Ordinal) && Between(span).FirstOrDefault(token => TextOf(token) == "=") is { End: > 0 } sign)
            return _draft.Problem(sign.Start, sign.End, "Texts are compared with ==.", mend: Better("Write ==", span.Start, new TextEdit(sign.Start, sign.End, "==")));
        if (error.Message.StartsWith("invalid token", StringComparison.Ordinal) && Rune.TryGetRuneAt(_draft.Text, Math.Min(span.Start, _draft.Text.Length - 1), out Rune rune)) return Character(span.Start, rune);
        return MissingSemicolon(span) ?? _draft.Problem(span.Start, span.End, Words(error));
    }

    private PolicyProblem Entity(Diagnostic error, SourceSpan span)
    {
        string written = _draft.Piece(span.Start, span.End);
        bool isAction = _tokens.TakeWhile(token => token.Start < span.Start).TakeLast(2).Select(TextOf).ToArray() is ["action", "==" or "in"];
        if (isAction)
        {
            string action = ConditionSyntax.NodeAccessAction.ToString();
            return _draft.Problem(span.Start, span.End, $"An action is written with its type and its name in quotes: {action}.", mend: Better("Write the action", span.Start, new TextEdit(span.Start, span.End, action)));
        }
        int last = written.LastIndexOf("::", StringComparison.Ordinal);
        if (last < 0) return _draft.Problem(span.Start, span.End, Words(error));
        string quoted = $"{written[..last]}::\"{written[(last + 2)..].Trim()}\"";
        return _draft.Problem(span.Start, span.End, $"An entity is written with its type and its id in quotes: {quoted}.", mend: Better("Put the id in quotes", span.Start, new TextEdit(span.Start, span.End, quoted)));
    }

    private PolicyProblem Character(int start, Rune rune)
    {
        string code = $"U+{rune.Value.ToString("X4", CultureInfo.InvariantCulture)}";
        int end = start + rune.Utf16SequenceLength;
        if (rune.Value is not ('\'' or '“' or '”' or '„' or '‘' or '’')) return _draft.Problem(start, end, $"“{rune}” ({code}) is no character of Cedar outside of quotes. It may only look like one that is.");
        IEnumerable<TextEdit> edits = _tokens.Where(token => TextOf(token) is "'" or "“" or "”" or "„" or "‘" or "’").Select(token => new TextEdit(token.Start, token.End, "\""));
        return _draft.Problem(start, end, $"Texts stand in straight double quotes: \"prod\". This is {code}.", mend: Better("Write straight quotes", start, [.. edits]));
    }

    /// <summary>The place behind the statement before, if a semicolon there lets the engine read on.</summary>
    private PolicyProblem? MissingSemicolon(SourceSpan span)
    {
        int next = Array.FindLastIndex(_tokens, token => token.Start <= span.Start && TextOf(token) is "permit" or "forbid" or "@");
        int[] ends = [_tokens.Length - 1, next - 1];
        foreach (int end in ends.Where(end => end >= 0 && TextOf(_tokens[end]) != ";"))
        {
            int at = _tokens[end].End;
            if (Better("Add the semicolon", span.Start, TextEdit.Insert(at, ";")) is { } mend) return _draft.Problem(at, at, "A statement ends with a semicolon. Add it here.", mend: mend);
        }
        return null;
    }

    /// <summary>The mend, if with it the text parses, or at least parses further than it did.</summary>
    private PolicyMend? Better(string label, int errorStart, params TextEdit[] edits)
    {
        ParseResult parsed = _engine.Parse(TextEdit.Apply(_draft.Text, edits));
        int growth = edits.Where(edit => edit.Start <= errorStart).Sum(edit => edit.Text.Length - (edit.End - edit.Start));
        bool isBetter = parsed.IsValid || (parsed.Errors.Min(error => error.Span?.Start) is { } start && start > errorStart + Math.Max(growth, 0));
        return isBetter ? _draft.Mend(label, edits) : null;
    }

    private IEnumerable<CedarToken> Between(SourceSpan span) => _tokens.Where(token => token.Start >= span.Start && token.End <= span.End);

    private string TextOf(CedarToken token) => _draft.Piece(token.Start, token.End);

    private static string Words(Diagnostic error) => error.Message + (string.IsNullOrEmpty(error.Help) ? "" : $" {error.Help}");
}
