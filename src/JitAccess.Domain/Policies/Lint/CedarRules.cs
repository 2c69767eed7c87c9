using JitAccess.Cedar;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>What the Cedar text of a policy must be, and what should be looked at in it.</summary>
internal static class CedarRules
{
    /// <summary>Everything about the text, in its order. The engine parses and validates it; what it says is put in words that lead on.</summary>
    public static IEnumerable<PolicyProblem> ProblemsOf(Policy policy, string text, Effect wanted, CedarEngine engine)
    {
        if (string.IsNullOrWhiteSpace(text)) return [new(CedarDraft.Field, $"Write at least one {Word(wanted)} statement.")];
        if (text.Length > PolicyRules.MaximumCedarLength)
            return [new(CedarDraft.Field, $"The text has {text.Length} characters; at most {PolicyRules.MaximumCedarLength} are allowed. Split it into several policies.")];
        CedarDraft draft = new(policy, text, wanted);
        PolicyProblem[] characters = [.. CedarCharacters.ProblemsOf(draft)];
        if (characters.Any(problem => !problem.IsWarning)) return characters;
        try
        {
            return [.. characters.Concat(StatementProblems(draft, engine)).OrderBy(problem => problem.Line ?? 0).ThenBy(problem => problem.Column ?? 0)];
        }
        catch (CedarEngineException exception)
        {
            return [.. characters, new(CedarDraft.Field, $"{exception.Message} Shorten the text, or split it into several statements.")];
        }
    }

    private static IEnumerable<PolicyProblem> StatementProblems(CedarDraft draft, CedarEngine engine)
    {
        ParseResult parsed = engine.Parse(draft.Text);
        if (!parsed.IsValid) return CedarGrammar.ProblemsOf(draft, parsed.Errors, engine);
        if (parsed.Statements.Count == 0) return [new(CedarDraft.Field, $"Write at least one {Word(draft.Effect)} statement.")];

        // A statement's first word, so that not the whole of it is marked.
        PolicyProblem[] otherKind = [.. parsed.Statements.Where(statement => statement.Effect != draft.Effect).Select(statement =>
            draft.Problem(statement.Span.Start, statement.Span.Start + 6, $"This kind of policy takes {Word(draft.Effect)} statements only."))];
        PolicyProblem[] tooDeep = [.. parsed.Statements.Where(statement => statement.Depth > PolicyRules.MaximumCedarDepth).Select(statement =>
            draft.Problem(statement.Span.Start, statement.Span.Start + 6, "The statement is too deeply nested or too long for the engine to evaluate. Split it into several statements."))];
        if (tooDeep.Length > 0) return [.. otherKind, .. tooDeep];

        SourceStatement[] statements = [.. parsed.Statements.Select(statement => SourceStatement.Of(statement, draft.Text))];
        return
        [
            .. otherKind,
            .. CedarSchemaCheck.ProblemsOf(draft, statements, engine.Validate(parsed.ToPolicySet(), NodeAccessCedar.Schema)),
            .. statements.SelectMany(statement => CedarTraps.ProblemsOf(draft, statement)),
        ];
    }

    private static string Word(Effect effect) => effect == Effect.Forbid ? "forbid" : "permit";
}
