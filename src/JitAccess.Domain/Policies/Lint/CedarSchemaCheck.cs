using System.Text.RegularExpressions;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>The engine's strict validation in our own words, with mends where there are some.</summary>
internal sealed partial class CedarSchemaCheck(CedarDraft draft, IReadOnlyList<SourceStatement> statements)
{
    public static IEnumerable<PolicyProblem> ProblemsOf(CedarDraft draft, IReadOnlyList<SourceStatement> statements, ValidationResult validated)
    {
        CedarSchemaCheck check = new(draft, statements);
        PolicyProblem[] errors = [.. check.Explained(validated.Errors, isWarning: false)];
        // Behind a mistake the engine forgets what was asked before it; such a place is in order once the mistake is mended. Where nothing else is wrong, it is told.
        PolicyProblem[] primary = [.. check.Explained(validated.Errors.Where(error => !check.IsAsked(error)), isWarning: false)];
        // A tag is reported once for each type of node; to the reader it is one place.
        return (primary.Length > 0 ? primary : errors).DistinctBy(problem => (problem.Line, problem.Column, problem.Length, problem.Message))
            .Concat(check.Explained(validated.Warnings.Where(warning => IsNews(warning, validated.Errors)), isWarning: true));
    }

    private IEnumerable<PolicyProblem> Explained(IEnumerable<Diagnostic> diagnostics, bool isWarning)
    {
        (Diagnostic Diagnostic, SourceStatement? Statement, int Start, int End)[] placed = [.. diagnostics.Select(Place)];
        ILookup<(SourceStatement, string), SourceGuard> guards = placed
            .Select(one => one.Statement is { } statement ? SourceGuard.Of(one.Diagnostic.Message, statement, one.Start, one.End, draft) : null).OfType<SourceGuard>()
            .DistinctBy(guard => guard.Start).ToLookup(guard => (guard.Statement, guard.Question));
        foreach ((Diagnostic diagnostic, SourceStatement? statement, int start, int end) in placed)
        {
            if (statement is null) yield return new PolicyProblem(CedarDraft.Field, Words(diagnostic), isWarning);
            else if (SourceGuard.Of(diagnostic.Message, statement, start, end, draft) is { } guard) yield return guard.Problem(draft, [.. guards[(statement, guard.Question)].OrderBy(place => place.Start)]);
            else if (diagnostic.Message.StartsWith("policy is impossible", StringComparison.Ordinal)) yield return Impossible(statement);
            else yield return draft.Problem(start, end, Words(diagnostic), isWarning, Suggested(diagnostic, start, end));
        }
    }

    private bool IsAsked(Diagnostic error) =>
        Place(error) is { Statement: { } statement } placed && SourceGuard.Of(error.Message, statement, placed.Start, placed.End, draft)?.IsAsked(draft) == true;

    private static bool IsNews(Diagnostic warning, IReadOnlyList<Diagnostic> errors)
    {
        // Invisible characters are told by CedarCharacters; that a wrong action or type matches nothing goes without saying.
        if (warning.Message.Contains("BIDI control characters", StringComparison.Ordinal)) return false;
        bool isOfNothing = warning.Message.StartsWith("unable to find an applicable action", StringComparison.Ordinal) || warning.Message.StartsWith("policy is impossible", StringComparison.Ordinal);
        return !isOfNothing || !errors.Any(error => error.PolicyId == warning.PolicyId && error.Message.StartsWith("unrecognized", StringComparison.Ordinal));
    }

    private PolicyProblem Impossible(SourceStatement statement)
    {
        foreach (SourceExpression term in statement.Clauses.Where(clause => !clause.IsUnless).SelectMany(clause => clause.Body.Conjuncts))
        {
            string? why = term.Syntax switch
            {
                Expression.Literal { Value: CedarBool { Value: false } } => "it asks for false.",
                Expression.HasAttribute { Operand: Expression.Variable { Name: RequestVariable.Principal } } has => $"nobody has an attribute {has.Name}. There are employeeNumber, costCenter, organization and division.",
                Expression.HasAttribute { Operand: Expression.Variable { Name: RequestVariable.Resource } } has => $"no node has an attribute {has.Name}. There are account, region and platform; tags are asked for with resource.hasTag(\"{has.Name}\").",
                _ => null,
            };
            if (why is not null) return draft.Problem(term.Start, term.End, $"The statement can never match: {why}", isWarning: true);
        }
        return draft.Problem(statement.Span.Start, statement.Span.End, "The statement can never match: whoever asks and whatever the node, its conditions are not all true at once.", isWarning: true);
    }

    private PolicyMend? Suggested(Diagnostic diagnostic, int start, int end)
    {
        if (Suggestion().Match(diagnostic.Help ?? "") is not { Success: true } match) return null;
        string suggested = match.Groups["name"].Value;
        if (diagnostic.Message.StartsWith("unrecognized action", StringComparison.Ordinal)) return draft.Mend("Write the action", new TextEdit(start, end, ConditionSyntax.NodeAccessAction.ToString()));
        if (diagnostic.Message.StartsWith("unrecognized entity type", StringComparison.Ordinal)) return draft.Mend($"Write {suggested}", new TextEdit(start, end, suggested));
        // An attribute that the engine finds similar may be anything; one that differs in capital letters only is meant.
        string piece = draft.Piece(start, end);
        return piece.EndsWith($".{suggested}", StringComparison.OrdinalIgnoreCase) ? draft.Mend($"Write {suggested}", new TextEdit(end - suggested.Length, end, suggested)) : null;
    }

    private (Diagnostic Diagnostic, SourceStatement? Statement, int Start, int End) Place(Diagnostic diagnostic)
    {
        SourceStatement? statement = diagnostic.PolicyId is { } id && int.TryParse(id.AsSpan("policy".Length), out int index) ? statements[index] : null;
        int start = statement?.Span.Start ?? 0;
        // The place is told within the statement's own text.
        return diagnostic.Span is { } span ? (diagnostic, statement, start + span.Start, start + span.End) : (diagnostic, statement, start, statement?.Span.End ?? 0);
    }

    private static string Words(Diagnostic diagnostic) => diagnostic.Message + (string.IsNullOrEmpty(diagnostic.Help) ? "" : $" {diagnostic.Help}");

    [GeneratedRegex("did you mean `(?<name>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Suggestion();
}
