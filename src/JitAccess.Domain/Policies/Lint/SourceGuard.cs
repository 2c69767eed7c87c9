using System.Text.RegularExpressions;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>A place where something is read that may be missing, and the question that should come first.</summary>
/// <param name="Statement">Where it is.</param>
/// <param name="Start">Where the reading begins.</param>
/// <param name="End">Where it has ended.</param>
/// <param name="Question">The question: <c>resource.hasTag("env")</c>.</param>
/// <param name="Label">What a button says that puts the question in front.</param>
/// <param name="Message">What is wrong.</param>
internal sealed partial record SourceGuard(SourceStatement Statement, int Start, int End, string Question, string Label, string Message)
{
    /// <summary>The place that a message of the engine is about; null if it is about something else.</summary>
    public static SourceGuard? Of(string message, SourceStatement statement, int start, int end, CedarDraft draft)
    {
        CedarToken[] tokens = [.. statement.Tokens.Where(token => token.Start >= start && token.End <= end)];
        if (message.StartsWith("unable to guarantee safety of access to tag", StringComparison.Ordinal))
        {
            int call = Array.FindLastIndex(tokens, token => token.Of(draft.Text) is "getTag");
            if (call < 2 || call + 2 >= tokens.Length) return null;
            int close = SourceExpression.CloseOf(tokens, draft.Text, call + 1);
            if (close >= tokens.Length) return null;
            string owner = draft.Piece(start, tokens[call - 2].End);
            string key = draft.Piece(tokens[call + 2].Start, tokens[close - 1].End);
            string question = $"{owner}.hasTag({key})";
            return new SourceGuard(statement, start, end, question, "Ask hasTag first",
                $"This fails {Missing(owner, key)}: the tag is read without asking whether it is there. Put {question} && in front.");
        }
        if (OptionalAttribute().Match(message) is { Success: true } match && tokens.Length > 2)
        {
            string name = match.Groups["name"].Value;
            int owner = tokens[^1].Of(draft.Text) is "]" ? 4 : 3;
            if (owner > tokens.Length) return null;
            string question = $"{draft.Piece(start, tokens[^owner].End)} has {name}";
            return new SourceGuard(statement, start, end, question, $"Ask has {name} first", $"This fails for people without {name}: it is read without asking whether it is there. Put {question} && in front.");
        }
        return null;
    }

    /// <summary>Whether the text asks the question in front of this place after all.</summary>
    public bool IsAsked(CedarDraft draft) => Statement.Clauses.Any(clause => clause.Body.Terms.FirstOrDefault(term => term.Start <= Start && End <= term.End) is { } place
        && clause.Body.Terms.Any(term => term.End <= Start && Same(draft.Piece(term.Start, term.End), Question) && term.HoldsFor(place)));

    private static bool Same(string one, string other) => one.Where(character => !char.IsWhiteSpace(character)).SequenceEqual(other.Where(character => !char.IsWhiteSpace(character)));

    /// <summary>The problem of this place, with a mend for all places that need the same question.</summary>
    public PolicyProblem Problem(CedarDraft draft, IReadOnlyList<SourceGuard> places)
    {
        List<TextEdit>? edits = Edits(draft, places);
        return draft.Problem(Start, End, Message, mend: edits is { Count: > 0 } ? draft.Mend(Label, edits) : null);
    }

    private List<TextEdit>? Edits(CedarDraft draft, IReadOnlyList<SourceGuard> places)
    {
        List<TextEdit> edits = [];
        List<SourceExpression> asked = [];
        foreach (SourceGuard place in places)
        {
            (SourceClause? clause, SourceExpression? term) = Statement.Clauses.SelectMany(clause => clause.Body.Terms.Select(term => (clause, term))).FirstOrDefault(pair => pair.term.Start <= place.Start && place.End <= pair.term.End);
            // Where a choice is made, asking first would change what is chosen.
            if (clause is null || term is null || term.Syntax is Expression.If) return null;
            if (asked.Any(before => before.HoldsFor(term))) continue;

            SourceExpression anchor = term;
            bool isNegative = term.IsUnderNot != clause.IsUnless;
            if (draft.Effect == Effect.Permit && isNegative)
            {
                // Asked inside the negation, it would permit wherever the text is missing.
                if (clause.IsUnless)
                {
                    edits.Add(TextEdit.Insert(clause.Start, $"when {{\n    {Question}\n}}\n"));
                    return edits;
                }
                for (SourceExpression? outer = term.Parent; outer is not null; outer = outer.Parent)
                {
                    if (outer.Logic == SourceLogic.Not) anchor = outer;
                }
            }
            else if (draft.Effect == Effect.Forbid && !isNegative && SourceNegation.OfComparison(term, Statement, draft) is { } equal && term.Syntax is Expression.Binary { Operator: BinaryOperator.NotEqual })
            {
                // What is forbidden unless it equals something stays forbidden where it is missing.
                edits.Add(new TextEdit(term.Start, term.End, $"!({Question} && {equal})"));
                continue;
            }
            asked.Add(anchor);
            bool isBare = anchor.Parent is { Logic: SourceLogic.Not };
            edits.Add(TextEdit.Insert(anchor.Start, $"{(isBare ? "(" : "")}{Question} && "));
            if (isBare) edits.Add(TextEdit.Insert(anchor.End, ")"));
        }
        return edits;
    }

    private static string Missing(string owner, string key) => owner switch
    {
        "resource" => $"for nodes without the tag {key}",
        _ when owner.EndsWith("principalTags", StringComparison.Ordinal) => $"for people whose IAM session has no tag {key}",
        _ when owner.EndsWith("clock", StringComparison.Ordinal) => $"where there is no clock of {key}",
        _ => $"where there is no tag {key}",
    };

    [GeneratedRegex("^unable to guarantee safety of access to optional attribute `(?<name>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex OptionalAttribute();
}
