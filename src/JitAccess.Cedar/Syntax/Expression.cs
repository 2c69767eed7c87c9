using System.Collections.Immutable;

namespace JitAccess.Cedar.Syntax;

/// <summary>
/// One expression of the Cedar language, in the shape of Cedar's JSON policy format
/// (https://docs.cedarpolicy.com/policies/json-format.html); compared by value.
/// </summary>
public abstract record Expression
{
    private Expression()
    {
    }

    /// <summary>The expression as Cedar text, which parses back to an equal one.</summary>
    /// <exception cref="CedarEngineException">It is nested too deeply.</exception>
    public sealed override string ToString() => StatementWriter.Write(this);

    /// <summary>A truth value, number, text or entity name written in the policy.</summary>
    /// <param name="Value">A <see cref="CedarBool"/>, <see cref="CedarLong"/>, <see cref="CedarString"/> or <see cref="CedarEntityReference"/>.</param>
    public sealed record Literal(CedarValue Value) : Expression;

    /// <summary><c>principal</c>, <c>action</c>, <c>resource</c> or <c>context</c>.</summary>
    /// <param name="Name">Which.</param>
    public sealed record Variable(RequestVariable Name) : Expression;

    /// <summary><c>left &amp;&amp; right</c>; the right side is not looked at when the left is false.</summary>
    public sealed record And(Expression Left, Expression Right) : Expression;

    /// <summary><c>left || right</c>; the right side is not looked at when the left is true.</summary>
    public sealed record Or(Expression Left, Expression Right) : Expression;

    /// <summary><c>!operand</c> or <c>-operand</c>, or <c>operand.isEmpty()</c>.</summary>
    public sealed record Unary(UnaryOperator Operator, Expression Operand) : Expression;

    /// <summary>An operator or built-in method with two sides: <c>left == right</c>, <c>left.contains(right)</c>.</summary>
    public sealed record Binary(BinaryOperator Operator, Expression Left, Expression Right) : Expression;

    /// <summary><c>if condition then then else otherwise</c>.</summary>
    public sealed record If(Expression Condition, Expression Then, Expression Otherwise) : Expression;

    /// <summary><c>operand.name</c>, of an entity or a record.</summary>
    public sealed record GetAttribute(Expression Operand, string Name) : Expression;

    /// <summary><c>operand has name</c>, of an entity or a record.</summary>
    public sealed record HasAttribute(Expression Operand, string Name) : Expression;

    /// <summary><c>operand like "…"</c>.</summary>
    /// <param name="Operand">What is compared.</param>
    /// <param name="Pattern">Pieces of text in order, null for each <c>*</c>.</param>
    public sealed record Like(Expression Operand, ImmutableArray<string?> Pattern) : Expression
    {
        /// <inheritdoc/>
        public bool Equals(Like? other) => other is not null && Operand.Equals(other.Operand) && Pattern.SequenceEqual(other.Pattern);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Operand, Pattern.Length);
    }

    /// <summary><c>operand is Type</c> or <c>operand is Type in ancestor</c>.</summary>
    public sealed record Is(Expression Operand, string EntityType, Expression? In) : Expression;

    /// <summary><c>[a, b]</c>.</summary>
    public sealed record SetOf(ImmutableArray<Expression> Items) : Expression
    {
        /// <inheritdoc/>
        public bool Equals(SetOf? other) => other is not null && Items.SequenceEqual(other.Items);

        /// <inheritdoc/>
        public override int GetHashCode() => Items.Aggregate(Items.Length, HashCode.Combine);
    }

    /// <summary><c>{name: value}</c>, each name once; the order does not count.</summary>
    public sealed record RecordOf(ImmutableArray<KeyValuePair<string, Expression>> Attributes) : Expression
    {
        /// <inheritdoc/>
        public bool Equals(RecordOf? other) => other is not null && Attributes.Length == other.Attributes.Length && InOrder().SequenceEqual(other.InOrder());

        /// <inheritdoc/>
        public override int GetHashCode() => Attributes.Aggregate(Attributes.Length, (hash, attribute) => hash ^ HashCode.Combine(attribute.Key, attribute.Value));

        private IEnumerable<KeyValuePair<string, Expression>> InOrder() => Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal);
    }

    /// <summary>A function or method of an extension type: <c>ip("10.0.0.1")</c>, <c>time.offset(duration("1h"))</c>, where the object of a method is the first argument.</summary>
    public sealed record Call(string Function, ImmutableArray<Expression> Arguments) : Expression
    {
        /// <inheritdoc/>
        public bool Equals(Call? other) => other is not null && Function == other.Function && Arguments.SequenceEqual(other.Arguments);

        /// <inheritdoc/>
        public override int GetHashCode() => Arguments.Aggregate(Function.GetHashCode(StringComparison.Ordinal), HashCode.Combine);
    }
}
