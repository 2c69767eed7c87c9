using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>
/// What a Cedar policy asks for, as the condition builder shows it: rows for who, which nodes and when. All rows must hold;
/// of the values in one row any will do. No rows in a section: anyone, any node, any time.
/// </summary>
public sealed record PolicyConditions
{
    /// <summary>Who; none for anyone.</summary>
    public ImmutableArray<PersonCondition> Who { get; init; } = [];

    /// <summary>Which nodes; none for any.</summary>
    public ImmutableArray<NodeCondition> Nodes { get; init; } = [];

    /// <summary>When; none for any time.</summary>
    public ImmutableArray<TimeCondition> When { get; init; } = [];

    /// <summary>Anyone, any node, any time.</summary>
    public static PolicyConditions None { get; } = new();

    /// <summary>What keeps the rows from being written as Cedar, each in a sentence that says what to do; empty if nothing does.</summary>
    public ImmutableArray<string> Problems => [.. ConditionProblems.Of(this)];

    /// <summary>The conditions as one statement, which is valid by the schema and cannot fail at run time.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="Problems"/>: a row left out would change who is covered.</exception>
    public Statement ToStatement(Effect effect) => Problems is [var problem, ..]
        ? throw new InvalidOperationException($"The conditions cannot be written as Cedar. {problem}")
        : ConditionWriter.Write(this, effect);

    /// <summary>The conditions as the Cedar text of one statement.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="Problems"/>.</exception>
    public string ToCedar(Effect effect) => ToStatement(effect).ToString();

    /// <summary>
    /// The conditions that say exactly what the statements say: those that <see cref="ToCedar"/> wrote, and what people commonly write by hand.
    /// Null if the builder cannot express them.
    /// </summary>
    public static PolicyConditions? TryRead(IReadOnlyList<Statement> statements, Effect effect) =>
        statements is [var statement] && statement.Effect == effect ? ConditionReader.Read(statement) : null;

    /// <summary>The conditions that say exactly what a policy's text says; null if the builder cannot express it, or would lose a comment or an annotation.</summary>
    /// <exception cref="CedarEngineException">The text takes more time or memory than allowed.</exception>
    public static PolicyConditions? TryRead(string text, Effect effect, CedarEngine engine)
    {
        ParseResult parsed = engine.Parse(text);
        return parsed.Statements is [{ Annotations.Count: 0 } statement] && CedarToken.Read(text).All(token => token.Kind != CedarTokenKind.Comment) ? TryRead([statement.Syntax], effect) : null;
    }

    /// <inheritdoc />
    public bool Equals(PolicyConditions? other) => other is not null
        && Who.SequenceEqual(other.Who) && Nodes.SequenceEqual(other.Nodes) && When.SequenceEqual(other.When);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Who.Length, Nodes.Length, When.Length);
}
