using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>What is valid Cedar and yet does not do what it seems to: tags asked for by key and value in one, people whom a forbid lets through, conditions that contradict each other, clocks that do not exist.</summary>
internal sealed class CedarTraps(CedarDraft draft, SourceStatement statement)
{
    /// <summary>The longest pattern, in characters: twice the longest text that is compared.</summary>
    public const int MaximumPatternLength = 512;

    private static readonly Expression Resource = new Expression.Variable(RequestVariable.Resource);

    public static IEnumerable<PolicyProblem> ProblemsOf(CedarDraft draft, SourceStatement statement)
    {
        CedarTraps traps = new(draft, statement);
        Expression[] parts = [.. statement.Syntax.Conditions.SelectMany(condition => StatementFacts.PartsOf(condition.Body))];
        return traps.UnknownZones(parts).Concat(traps.LongPatterns(parts)).Concat(traps.KeysWithValues(parts)).Concat(traps.LetThrough()).Concat(traps.Contradictions());
    }

    private IEnumerable<PolicyProblem> UnknownZones(Expression[] parts)
    {
        foreach (string zone in StatementFacts.ZonesOf(statement.Syntax).Where(zone => !ClockZone.TryFind(zone, out _)))
        {
            CedarToken[] places = [.. statement.TextsOf(zone, draft.Text)];
            string? meant = TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id).FirstOrDefault(known => string.Equals(known, zone.Trim().Replace(' ', '_'), StringComparison.OrdinalIgnoreCase) && ClockZone.TryFind(known, out _));
            PolicyMend? mend = meant is null || places.Length == 0 ? null : draft.Mend($"Write {meant}", places.Select(place => new TextEdit(place.Start, place.End, $"\"{meant}\"")));
            yield return At(places, PolicyWords.UnknownZone(zone), isWarning: false, mend);
        }
        if (parts.Any(part => part is Expression.Binary { Operator: BinaryOperator.HasTag or BinaryOperator.GetTag, Right: not Expression.Literal } call && call.Left.Equals(ConditionSyntax.Clock)))
            yield return At([], "A clock is asked for by the name of a time zone in quotes, such as context.request.clock.hasTag(\"Europe/Berlin\"): only then is it known which clocks are needed.", isWarning: false);
    }

    private IEnumerable<PolicyProblem> LongPatterns(Expression[] parts)
    {
        int longest = parts.OfType<Expression.Like>().Select(like => like.Pattern.Sum(piece => piece?.Length ?? 1)).DefaultIfEmpty().Max();
        if (longest <= MaximumPatternLength) yield break;
        CedarToken[] tokens = [.. statement.Tokens];
        CedarToken[] places = [.. tokens.Where((token, index) => index > 0 && tokens[index - 1].Of(draft.Text) is "like" && token.End - token.Start > MaximumPatternLength)];
        yield return At(places, $"The pattern has {longest} characters; at most {MaximumPatternLength} are allowed. No text that is compared has more than 256.", isWarning: false);
    }

    private IEnumerable<PolicyProblem> KeysWithValues(Expression[] parts)
    {
        HashSet<string> read = [.. parts.Select(part => KeyOf(part, BinaryOperator.GetTag)).OfType<string>()];
        foreach (string key in parts.Select(part => KeyOf(part, BinaryOperator.HasTag)).OfType<string>().Distinct().Where(key => LooksLikeKeyAndValue(key) && !read.Contains(key)))
        {
            string[] pair = key.Split(':');
            string meant = $"resource.hasTag({Quoted(pair[0])}) && resource.getTag({Quoted(pair[0])}) == {Quoted(pair[1])}";
            SourceExpression[] places = [.. statement.Clauses.SelectMany(clause => clause.Body.Terms).Where(term => KeyOf(term.Syntax, BinaryOperator.HasTag) == key)];
            PolicyMend? mend = places.Length == 0 ? null : draft.Mend("Ask for key and value", places.Select(place => new TextEdit(place.Start, place.End, place.Parent is { Logic: SourceLogic.Not } ? $"({meant})" : meant)));
            yield return At([.. statement.TextsOf(key, draft.Text)], $"This asks for a tag whose key is {Quoted(key)}, and no value is looked at: it never matches a tag {pair[0]} with the value {pair[1]}. For that write {meant}.", isWarning: true, mend);
        }
    }

    /// <summary>In a forbid, asking whether something is there before testing it lets through whoever does not have it.</summary>
    private IEnumerable<PolicyProblem> LetThrough()
    {
        if (draft.Effect != Effect.Forbid) yield break;
        foreach (SourceClause clause in statement.Clauses)
        {
            foreach (SourceExpression chain in clause.Body.All.Where(part => part.Logic == SourceLogic.And && part.IsUnderNot == clause.IsUnless))
            {
                for (int index = 0; index < chain.Parts.Count - 1; index++)
                {
                    SourceExpression question = chain.Parts[index];
                    if (question.Logic != SourceLogic.Term || ConditionSubject.FromPresence(question.Syntax) is not { } subject) continue;
                    SourceExpression[] tests = [.. chain.Parts.Skip(index + 1).Where(part => StatementFacts.PartsOf(part.Syntax).Contains(subject.Value))];
                    bool isOfPerson = question.Syntax is Expression.HasAttribute;
                    // A tag's value asked for is no trap: a node without the tag does not have that value. "Any but this value" is.
                    if (tests.Length == 0 || (!isOfPerson && !tests.All(IsNegative))) continue;
                    string without = isOfPerson ? $"People without {((Expression.HasAttribute)question.Syntax).Name}" : $"Nodes without the tag {KeyOf(question.Syntax, BinaryOperator.HasTag)}";
                    yield return draft.Problem(question.Start, question.End, $"{without} are let through by this: where it is missing, the forbid does not match. If they are meant too, negate the question together with the test.", isWarning: true,
                        IsAskedForOthers(question, chain, subject) ? null : draft.Mend($"Cover {char.ToLowerInvariant(without[0])}{without[1..]} too", CoverAll(question, chain.Parts[index + 1], tests)));
                }
            }
        }
    }

    /// <summary>Whether something outside its chain relies on the question as well, and would fail without it.</summary>
    private bool IsAskedForOthers(SourceExpression question, SourceExpression chain, ConditionSubject subject) => statement.Clauses
        .SelectMany(clause => clause.Body.Terms.Select(term => (term, IsReached: clause.Body.End < question.Start || clause.Body.Start > question.End || question.HoldsFor(term))))
        .Any(pair => pair.IsReached && pair.term.Start >= chain.End && StatementFacts.PartsOf(pair.term.Syntax).Contains(subject.Value));

    private IEnumerable<TextEdit> CoverAll(SourceExpression question, SourceExpression next, SourceExpression[] tests)
    {
        string asked = draft.Piece(question.Start, question.End);
        string between = draft.Piece(question.End, next.Start);
        yield return new TextEdit(question.Start, next.Start, between.Contains("//", StringComparison.Ordinal) ? between[(between.IndexOf("&&", StringComparison.Ordinal) + 2)..].TrimStart() : "");
        foreach (SourceExpression test in tests) yield return new TextEdit(test.Start, test.End, $"!({asked} && {SourceNegation.Of(test, statement, draft)})");
    }

    private IEnumerable<PolicyProblem> Contradictions()
    {
        IEnumerable<SourceExpression[]> together = statement.Clauses.SelectMany(clause => clause.Body.All.Where(part => part.Logic == SourceLogic.And && part.Parent is not { Logic: SourceLogic.And or SourceLogic.Group }))
            .Select(chain => chain.Conjuncts.ToArray());
        foreach (SourceExpression[] conjuncts in together)
        {
            Dictionary<Expression, (SourceExpression Part, IReadOnlyList<string> Values)> seen = [];
            foreach (SourceExpression part in conjuncts)
            {
                if (TextReading.Of(part.Syntax) is not { Test: TextTest.OneOf } reading) continue;
                if (!seen.TryGetValue(reading.Value, out (SourceExpression Part, IReadOnlyList<string> Values) before))
                {
                    seen[reading.Value] = (part, reading.Values);
                    continue;
                }
                if (before.Values.Intersect(reading.Values).Any()) continue;
                string[] all = [.. before.Values.Concat(reading.Values)];
                string any = ConditionSyntax.OneOf(reading.Value, [.. all]).ToString();
                yield return draft.Problem(part.Start, part.End, $"This can never be true: {reading.Value} cannot be {PolicyWords.Or([.. before.Values.Select(Quoted)])} and {PolicyWords.Or([.. reading.Values.Select(Quoted)])} at once. If either will do, write {any}.", isWarning: true, Either(before.Part, part, any));
                break;
            }
        }
    }

    /// <summary>Both tests as one that either value passes, if they are parts of the same chain.</summary>
    private PolicyMend? Either(SourceExpression first, SourceExpression second, string any)
    {
        if (second.Parent is not { Logic: SourceLogic.And } chain || first.Parent != chain || TextReading.Of(first.Syntax) is not { AsksFirst: false }) return null;
        int index = Enumerable.Range(0, chain.Parts.Count).First(number => chain.Parts[number] == second);
        return draft.Mend("Take either value", new TextEdit(first.Start, first.End, any), new TextEdit(chain.Parts[index - 1].End, second.End, ""));
    }

    private PolicyProblem At(IReadOnlyList<CedarToken> places, string message, bool isWarning, PolicyMend? mend = null) => places is [var first, ..]
        ? draft.Problem(first.Start, first.End, message, isWarning, mend)
        : draft.Problem(statement.Span.Start, statement.Span.End, message, isWarning, mend);

    private static bool IsNegative(SourceExpression test) => test.Syntax is Expression.Binary { Operator: BinaryOperator.NotEqual } or Expression.Unary { Operator: UnaryOperator.Not };

    // A key may hold a colon, as aws:cloudformation:stack-name does; one colon between two words is how people write a tag in one.
    private static bool LooksLikeKeyAndValue(string key) => key.Split(':') is [{ Length: > 0 } name, { Length: > 0 }] && !string.Equals(name, "aws", StringComparison.OrdinalIgnoreCase);

    private static string? KeyOf(Expression expression, BinaryOperator call) =>
        expression is Expression.Binary { Right: Expression.Literal { Value: CedarString key } } of && of.Operator == call && of.Left.Equals(Resource) ? key.Value : null;

    private static string Quoted(string text) => ConditionSubject.Text(text).ToString();
}
