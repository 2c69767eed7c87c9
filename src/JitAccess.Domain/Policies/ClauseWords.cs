using System.Collections.Immutable;
using System.Text.RegularExpressions;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies;

/// <summary>The clauses of Cedar statements in plain English: what was found, and what would have to be true. A clause that has no words of its own is told in Cedar's.</summary>
internal static class ClauseWords
{
    private const string Absent = "absent";

    /// <summary>The clauses of a statement in the order in which its explanation tells them.</summary>
    public static ImmutableArray<Clause> ClausesOf(Statement statement)
    {
        ImmutableArray<Clause>.Builder clauses = ImmutableArray.CreateBuilder<Clause>();
        Add(RequestVariable.Principal, statement.Principal);
        Add(RequestVariable.Action, statement.Action);
        Add(RequestVariable.Resource, statement.Resource);
        foreach (Condition condition in statement.Conditions)
        {
            if (condition.IsUnless) clauses.Add(new Clause(condition.Body, IsUnless: true));
            else clauses.AddRange(Sides(condition.Body).Select(side => new Clause(side, IsUnless: false)));
        }
        return clauses.ToImmutable();

        void Add(RequestVariable variable, Scope scope)
        {
            if (AsExpression(variable, scope) is { } demand) clauses.Add(new Clause(demand, IsUnless: false));
        }
    }

    /// <summary>What the clause found: <c>tag env is dev, not prod</c>.</summary>
    public static string Found(Clause clause, ClauseExplanation explained)
    {
        switch (explained.Outcome)
        {
            case ExplainedOutcome.NotReached:
                return "not looked at";
            case ExplainedOutcome.Failed:
                string[] missing = [.. SeenIn(clause.Body, explained.Seen).Where(seen => seen.Value == Absent).Select(seen => seen.Words)];
                return missing.Length > 0 ? $"{string.Join(", ", missing)}, so it cannot be told" : $"it cannot be evaluated: {explained.Error}";
            default:
                bool isTrue = explained.Outcome == ExplainedOutcome.Held != clause.IsUnless;
                return FoundIn(clause.Body, isTrue, explained.Seen)
                    ?? (SeenIn(clause.Body, explained.Seen).Select(seen => seen.Words).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } seen ? string.Join(", ", seen) : isTrue ? "true" : "false");
        }
    }

    /// <summary>What the clause found, if that alone made it come out as it did; null for one that weighs several things, or has no words of its own.</summary>
    public static string? Reason(Clause clause, ClauseExplanation explained) => explained.Outcome is ExplainedOutcome.Held or ExplainedOutcome.DidNotHold
        ? FoundIn(clause.Body, explained.Outcome == ExplainedOutcome.Held != clause.IsUnless, explained.Seen)
        : null;

    /// <summary>What would have to be true for all the clauses to let the request through, as one sentence; null for none.</summary>
    public static string? AllOf(IEnumerable<Clause> clauses) => Sentence(clauses.SelectMany(clause => Demands(clause.Body, !clause.IsUnless)), ", and ");

    /// <summary>What would have to be true for one of the clauses, no matter which, to keep the statement from matching, as one sentence; null for none.</summary>
    public static string? NotAllOf(IEnumerable<Clause> clauses) => Sentence(clauses.SelectMany(clause => Alternatives(clause.Body, !clause.IsUnless)), ", or ");

    /// <summary>The facts that must be there for the clauses to be evaluated, as one sentence; null for none.</summary>
    public static string? PresenceFor(IEnumerable<Clause> clauses) =>
        Sentence(clauses.SelectMany(clause => StatementFacts.PartsOf(clause.Body)).Select(ClauseNoun.Of).OfType<ClauseNoun>().Distinct().Select(noun => Presence(noun, wanted: true)), ", and ");

    private static string? Sentence(IEnumerable<Demand> demands, string between)
    {
        List<Demand> all = [.. demands];
        // Who has a tag with a value has the tag: the guard before a comparison is no demand of its own.
        HashSet<ClauseNoun> told = [.. all.Where(demand => !demand.IsPresence).Select(demand => demand.Of).OfType<ClauseNoun>()];
        string[] words = [.. all.Where(demand => !(demand.IsPresence && demand.Of is { } of && told.Contains(of))).Select(demand => demand.Words).Distinct(StringComparer.Ordinal)];
        return words.Length == 0 ? null : $"{char.ToUpperInvariant(words[0][0])}{words[0][1..]}{string.Concat(words.Skip(1).Select(word => between + word))}.";
    }

    private static Expression? AsExpression(RequestVariable variable, Scope scope)
    {
        Expression.Variable of = new(variable);
        return scope switch
        {
            Scope.Equal equal => new Expression.Binary(BinaryOperator.Equal, of, Entity(equal.Entity)),
            Scope.In { Entities: [var only] } => new Expression.Binary(BinaryOperator.In, of, Entity(only)),
            Scope.In several => new Expression.Binary(BinaryOperator.In, of, new Expression.SetOf([.. several.Entities.Select(Entity)])),
            Scope.Is its => new Expression.Is(of, its.EntityType, its.Ancestor is { } ancestor ? Entity(ancestor) : null),
            _ => null,
        };

        static Expression Entity(EntityUid uid) => new Expression.Literal(new CedarEntityReference(uid));
    }

    private static IEnumerable<Expression> Sides(Expression expression) =>
        expression is Expression.And and ? Sides(and.Left).Concat(Sides(and.Right)) : [expression];

    private static IEnumerable<Expression> Choices(Expression expression) =>
        expression is Expression.Or or ? Choices(or.Left).Concat(Choices(or.Right)) : [expression];

    /// <summary><c>x == "a" || x == "b"</c> as <c>["a", "b"].contains(x)</c>, which says the same in fewer words; anything else as it is.</summary>
    private static Expression Simplified(Expression expression)
    {
        if (expression is not Expression.Or) return expression;
        Expression[] choices = [.. Choices(expression)];
        return choices is [Expression.Binary { Operator: BinaryOperator.Equal } first, ..] && ClauseNoun.Of(first.Left) is not null
            && choices.All(choice => choice is Expression.Binary { Operator: BinaryOperator.Equal, Right: Expression.Literal } equal && equal.Left.Equals(first.Left))
                ? new Expression.Binary(BinaryOperator.Contains, new Expression.SetOf([.. choices.Select(choice => ((Expression.Binary)choice).Right)]), first.Left)
                : expression;
    }

    private static string? FoundIn(Expression body, bool isTrue, ImmutableArray<SeenValue> seen)
    {
        switch (Simplified(body))
        {
            case Expression.Unary { Operator: UnaryOperator.Not } not:
                return FoundIn(not.Operand, !isTrue, seen);
            case Expression.Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } equal when ClauseNoun.Of(equal.Left) is { } noun:
                if (ValueOf(equal.Left, seen) is not { } value || value == Absent) return null;
                if (equal.Right is not Expression.Literal wanted) return null;
                return noun.Shown(value) == noun.Shown(wanted.Value) ? $"{noun.Words} is {noun.Shown(value)}" : $"{noun.Words} is {noun.Shown(value)}, not {noun.Shown(wanted.Value)}";
            case Expression.Like like when ClauseNoun.Of(like.Operand) is { } noun && ValueOf(like.Operand, seen) is { } text && text != Absent:
                return $"{noun.Words} is {noun.Shown(text)}, {(isTrue ? "" : "not ")}like {PatternOf(like)}";
            case Expression.Binary { Operator: BinaryOperator.Contains, Left: Expression.SetOf set } contains when ClauseNoun.Of(contains.Right) is { } noun && ValueOf(contains.Right, seen) is { } item && item != Absent:
                return set.Items.All(one => one is Expression.Literal) ? $"{noun.Words} is {noun.Shown(item)}, {(isTrue ? "one" : "none")} of {OneOf(noun, set)}" : null;
            case Expression.Binary comparison when ComparisonOf(comparison) is { } than && ClauseNoun.Of(comparison.Left) is { } noun && comparison.Right is Expression.Literal limit && ValueOf(comparison.Left, seen) is { } amount && amount != Absent:
                return $"{noun.Words} is {noun.Shown(amount)}, {(isTrue ? "" : "not ")}{than} {noun.Shown(limit.Value)}";
            default:
                if (ClauseNoun.OfPresence(body) is { } present) return isTrue ? $"{present.Words} is there" : $"{present.Words} is absent";
                return BelongingOf(body) is { } belonging ? $"{(isTrue ? "" : "not ")}{belonging.Is}" : null;
        }
    }

    /// <summary>The values that a clause saw, in words where they have some.</summary>
    private static IEnumerable<(string Value, string Words)> SeenIn(Expression body, ImmutableArray<SeenValue> seen)
    {
        if (seen.IsDefaultOrEmpty) yield break;
        Dictionary<string, Expression> parts = new(StringComparer.Ordinal);
        foreach (Expression part in StatementFacts.PartsOf(body))
        {
            // Whether something is there is told by what was read.
            Expression read = part switch
            {
                Expression.Binary { Operator: BinaryOperator.HasTag } has => has with { Operator = BinaryOperator.GetTag },
                Expression.HasAttribute has => new Expression.GetAttribute(has.Operand, has.Name),
                _ => part,
            };
            if (ClauseNoun.Of(read) is not null || BelongingOf(read) is not null) parts.TryAdd(read.ToString(), read);
        }
        foreach (Expression part in parts.Values.Where(part => seen.All(one => one.Expression != part.ToString())).ToList())
        {
            if (ValueOf(part, seen) is { } value && ClauseNoun.Of(part) is { } noun) yield return (value, $"{noun.Words} is {noun.Shown(value)}");
        }
        foreach (SeenValue one in seen)
        {
            // What is read of it in parts has been told.
            if (parts.Values.OfType<Expression.GetAttribute>().Any(read => read.Operand is Expression.Binary { Operator: BinaryOperator.GetTag } clock && clock.ToString() == one.Expression)) continue;
            Expression? part = parts.GetValueOrDefault(one.Expression);
            string? words = part switch
            {
                null => null,
                _ when ClauseNoun.Of(part) is { } noun => $"{noun.Words} is {noun.Shown(one.Value)}",
                _ when one.Value is "true" or "false" => FoundIn(part, one.Value == "true", seen),
                _ => null,
            };
            yield return (one.Value, words ?? $"{one.Expression} is {one.Value}");
        }
    }

    private static string? ValueOf(Expression expression, ImmutableArray<SeenValue> seen)
    {
        if (seen.IsDefaultOrEmpty) return null;
        string text = expression.ToString();
        if (seen.FirstOrDefault(one => one.Expression == text) is { } whole) return whole.Value;
        // The clock is seen as a record; a clause reads one part of it.
        if (expression is not Expression.GetAttribute { Operand: Expression.Binary { Operator: BinaryOperator.GetTag } } part) return null;
        string of = part.Operand.ToString();
        return seen.FirstOrDefault(one => one.Expression == of) is { } record ? record.Value == Absent ? Absent : PartOf(record.Value, part.Name) : null;
    }

    private static string? PartOf(string record, string name) =>
        Regex.Match(record, $$"""[{,]\s*"?{{name}}"?\s*:\s*(?<value>"[^"]*"|-?[0-9]+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture) is { Success: true } match ? match.Groups["value"].Value : null;

    /// <summary>What would have to be true for the expression to be true, or not to be.</summary>
    private static IEnumerable<Demand> Demands(Expression body, bool wanted) => (Simplified(body), wanted) switch
    {
        (Expression.And, true) => Sides(body).SelectMany(side => Demands(side, true)),
        (Expression.Or, false) => Choices(body).SelectMany(choice => Demands(choice, false)),
        (Expression.And, false) => [Either(Sides(body).SelectMany(side => Alternatives(side, true)))],
        (Expression.Or, true) => [Either(Choices(body).Select(choice => Together(Demands(choice, true))))],
        (Expression.Unary { Operator: UnaryOperator.Not } not, _) => Demands(not.Operand, !wanted),
        (var one, _) => [DemandOf(one, wanted)],
    };

    /// <summary>Each of what would be enough for the expression to be no longer what it is: <paramref name="isTrue"/>.</summary>
    private static IEnumerable<Demand> Alternatives(Expression body, bool isTrue) => (Simplified(body), isTrue) switch
    {
        (Expression.And, true) => Sides(body).SelectMany(side => Alternatives(side, true)),
        (Expression.Or, false) => Choices(body).SelectMany(choice => Alternatives(choice, false)),
        (Expression.Unary { Operator: UnaryOperator.Not } not, _) => Alternatives(not.Operand, !isTrue),
        _ => [Together(Demands(body, !isTrue))],
    };

    private static Demand Either(IEnumerable<Demand> choices) => Joined(choices, " or ");

    private static Demand Together(IEnumerable<Demand> demands) => Joined(demands, " and ");

    private static Demand Joined(IEnumerable<Demand> demands, string between)
    {
        Demand[] all = [.. demands];
        HashSet<ClauseNoun> told = [.. all.Where(demand => !demand.IsPresence).Select(demand => demand.Of).OfType<ClauseNoun>()];
        Demand[] kept = [.. all.Where(demand => !(demand.IsPresence && demand.Of is { } of && told.Contains(of)))];
        return kept is [var only] ? only : new Demand(string.Join(between, kept.Select(demand => demand.Words).Distinct(StringComparer.Ordinal)), null, IsPresence: false);
    }

    private static Demand DemandOf(Expression body, bool wanted)
    {
        string not = wanted ? "" : "not ";
        switch (body)
        {
            case Expression.Binary { Operator: BinaryOperator.NotEqual } unequal:
                return DemandOf(unequal with { Operator = BinaryOperator.Equal }, !wanted);
            case Expression.Binary { Operator: BinaryOperator.Equal } equal when ClauseNoun.Of(equal.Left) is { } noun && equal.Right is Expression.Literal value:
                return Of(noun, not, IsTag(noun) ? $"{noun.Name}={noun.Shown(value.Value)}" : noun.Shown(value.Value), "");
            case Expression.Binary { Operator: BinaryOperator.Equal } equal when ClauseNoun.Of(equal.Left) is { } one && ClauseNoun.Of(equal.Right) is { } other:
                return new Demand($"{one.Words} would {not}be the same as {other.Words}", one, IsPresence: false);
            case Expression.Like like when ClauseNoun.Of(like.Operand) is { } noun:
                return Of(noun, not, IsTag(noun) ? $"{noun.Name} like {PatternOf(like)}" : PatternOf(like), "like ");
            case Expression.Binary { Operator: BinaryOperator.Contains, Left: Expression.SetOf set } contains when ClauseNoun.Of(contains.Right) is { } noun && set.Items.All(item => item is Expression.Literal):
                return Of(noun, not, IsTag(noun) ? $"{noun.Name}={OneOf(noun, set)}" : OneOf(noun, set), "");
            case Expression.Binary comparison when ComparisonOf(comparison) is { } than && ClauseNoun.Of(comparison.Left) is { } noun && comparison.Right is Expression.Literal limit:
                return new Demand(noun.Kind == ClauseNounKind.Duration ? $"{not}ask for {than} {noun.Shown(limit.Value)}" : $"{noun.Words} would {not}be {than} {noun.Shown(limit.Value)}", noun, IsPresence: false);
            default:
                if (ClauseNoun.OfPresence(body) is { } present) return Presence(present, wanted);
                return BelongingOf(body) is { } belonging
                    ? new Demand(belonging.OfNode ? $"the node would {not}be {belonging.Is}" : $"{not}be {belonging.Is}", null, IsPresence: false)
                    : new Demand($"{body} would {not}be true", null, IsPresence: false);
        }
    }

    private static Demand Of(ClauseNoun noun, string not, string value, string like) => new(noun.Kind switch
    {
        ClauseNounKind.Tag => $"the node would {not}have tag {value}",
        ClauseNounKind.Account or ClauseNounKind.Region => $"the node would {not}be in {noun.Words} {like}{value}",
        ClauseNounKind.Platform => $"the node would {not}run on {value}",
        ClauseNounKind.SessionTag => $"{not}have session tag {value}",
        ClauseNounKind.PersonAttribute => $"{not}have {noun.Words} {like}{value}",
        ClauseNounKind.Reason => $"{not}give a reason {(like.Length > 0 ? like : "that is ")}{value}",
        ClauseNounKind.Duration => $"{not}ask for {value}",
        ClauseNounKind.Weekday => $"{not}ask on {value} ({noun.Name})",
        _ => $"{noun.Words} would {not}be {like}{value}",
    }, noun, IsPresence: false);

    private static Demand Presence(ClauseNoun noun, bool wanted) => new(noun.Kind switch
    {
        ClauseNounKind.Tag => wanted ? $"the node would have a tag {noun.Name}" : $"the node would have no tag {noun.Name}",
        ClauseNounKind.Clock => wanted ? $"the time zone {noun.Name} would be known" : $"the time zone {noun.Name} would not be known",
        _ => wanted ? $"have {noun.Words}" : $"have no {noun.Words}",
    }, noun, IsPresence: true);

    private static bool IsTag(ClauseNoun noun) => noun.Kind is ClauseNounKind.Tag or ClauseNounKind.SessionTag;

    private static string OneOf(ClauseNoun noun, Expression.SetOf set) => set.Items.Select(item => noun.Shown(((Expression.Literal)item).Value)).ToList() switch
    {
        [] => "nothing",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} or {last}",
    };

    private static string PatternOf(Expression.Like like) => string.Concat(like.Pattern.Select(piece => piece ?? "*"));

    private static string? ComparisonOf(Expression.Binary comparison) => comparison.Operator switch
    {
        BinaryOperator.Less => "less than",
        BinaryOperator.LessOrEqual => "at most",
        BinaryOperator.Greater => "more than",
        BinaryOperator.GreaterOrEqual => "at least",
        _ => null,
    };

    /// <summary>What the expression says the person or the node is or belongs to; null if it says nothing of the kind.</summary>
    private static (string Is, bool OfNode)? BelongingOf(Expression body) => body switch
    {
        Expression.Binary { Operator: BinaryOperator.In, Left: Expression.Variable { Name: RequestVariable.Principal } } member when GroupsOf(member.Right) is { } groups => (groups, false),
        Expression.Is { Operand: Expression.Variable { Name: RequestVariable.Principal }, In: { } ancestor } when GroupsOf(ancestor) is { } groups => (groups, false),
        Expression.Binary { Operator: BinaryOperator.Equal, Left: Expression.Variable variable, Right: Expression.Literal { Value: CedarEntityReference entity } } => variable.Name switch
        {
            RequestVariable.Principal => (entity.Uid.Id, false),
            RequestVariable.Resource => (entity.Uid.Id, true),
            _ => null,
        },
        Expression.Is { Operand: Expression.Variable { Name: RequestVariable.Resource }, In: null } type => type.EntityType switch
        {
            "AWS::EC2::Instance" => ("an EC2 instance", true),
            "AWS::SSM::ManagedInstance" => ("a hybrid node", true),
            _ => null,
        },
        _ => null,
    };

    private static string? GroupsOf(Expression expression) => expression switch
    {
        Expression.Literal { Value: CedarEntityReference { Uid: { Type: "AWS::IdentityStore::Group" } group } } => $"in group {group.Id}",
        Expression.SetOf set when set.Items.All(item => item is Expression.Literal { Value: CedarEntityReference { Uid.Type: "AWS::IdentityStore::Group" } }) =>
            $"in one of the groups {string.Join(", ", set.Items.Select(item => ((CedarEntityReference)((Expression.Literal)item).Value).Uid.Id))}",
        _ => null,
    };

    /// <summary>One clause of a statement.</summary>
    internal readonly record struct Clause(Expression Body, bool IsUnless);

    private readonly record struct Demand(string Words, ClauseNoun? Of, bool IsPresence);
}
