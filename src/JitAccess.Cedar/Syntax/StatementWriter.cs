using System.Globalization;
using System.Text;

namespace JitAccess.Cedar.Syntax;

/// <summary>Writes syntax trees as Cedar text that parses back to equal ones, with no more parentheses than that takes.</summary>
internal sealed class StatementWriter
{
    private const string Indent = "    ";

    private readonly StringBuilder _text = new();

    // From loose to tight, as in Cedar's grammar (https://docs.cedarpolicy.com/policies/syntax-grammar.html).
    private enum Binding
    {
        Whole,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }

    public static string Write(Statement statement)
    {
        var writer = new StatementWriter();
        writer.Statement(statement);
        return writer._text.ToString();
    }

    public static string Write(Expression expression)
    {
        var writer = new StatementWriter();
        writer.Expression(expression, Binding.Whole, 1);
        return writer._text.ToString();
    }

    /// <summary>One part of a statement's head: <c>principal in Group::"x"</c>.</summary>
    public static string Write(string variable, Scope scope) => scope switch
    {
        Scope.Any => variable,
        Scope.Equal equal => $"{variable} == {equal.Entity}",
        Scope.In { Entities: [var only] } => $"{variable} in {only}",
        Scope.In several => $"{variable} in [{string.Join(", ", several.Entities)}]",
        Scope.Is { Ancestor: { } ancestor } within => $"{variable} is {within.EntityType} in {ancestor}",
        Scope.Is type => $"{variable} is {type.EntityType}",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    private void Statement(Statement statement)
    {
        _text.Append(statement.Effect == Effect.Permit ? "permit (" : "forbid (");
        string[] head = [Write("principal", statement.Principal), Write("action", statement.Action), Write("resource", statement.Resource)];
        _ = head is ["principal", "action", "resource"]
            ? _text.AppendJoin(", ", head)
            : _text.Append('\n').Append(Indent).AppendJoin($",\n{Indent}", head).Append('\n');
        _text.Append(')');
        foreach (var condition in statement.Conditions)
        {
            _text.Append(condition.IsUnless ? "\nunless {\n" : "\nwhen {\n").Append(Indent);
            Conjunction(condition.Body, 1);
            _text.Append("\n}");
        }
        _text.Append(';');
    }

    /// <summary>Each side of <c>&amp;&amp;</c> at the top on a line of its own.</summary>
    private void Conjunction(Expression body, int depth)
    {
        if (body is Syntax.Expression.And and)
        {
            SyntaxDepth.Check(depth);
            Conjunction(and.Left, depth + 1);
            _text.Append(" &&\n").Append(Indent);
            Expression(and.Right, Binding.Relation, depth + 1);
        }
        else
        {
            Expression(body, depth == 1 ? Binding.Whole : Binding.And, depth);
        }
    }

    private void Expression(Expression expression, Binding least, int depth)
    {
        SyntaxDepth.Check(depth);
        var parenthesized = BindingOf(expression) < least;
        if (parenthesized)
            _text.Append('(');
        Bare(expression, depth + 1);
        if (parenthesized)
            _text.Append(')');
    }

    private static Binding BindingOf(Expression expression) => expression switch
    {
        Syntax.Expression.If => Binding.Whole,
        Syntax.Expression.Or => Binding.Or,
        Syntax.Expression.And => Binding.And,
        Syntax.Expression.HasAttribute or Syntax.Expression.Like or Syntax.Expression.Is => Binding.Relation,
        Syntax.Expression.Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } => Binding.Sum,
        Syntax.Expression.Binary { Operator: BinaryOperator.Multiply } => Binding.Product,
        Syntax.Expression.Binary binary when !IsMethod(binary.Operator) => Binding.Relation,
        Syntax.Expression.Unary { Operator: UnaryOperator.Not or UnaryOperator.Negate } => Binding.Unary,
        Syntax.Expression.Literal { Value: CedarLong { Value: < 0 } } => Binding.Unary,
        _ => Binding.Member,
    };

    private void Bare(Expression expression, int depth)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                CedarText.Append(_text, literal.Value);
                break;
            case Expression.Variable variable:
                _text.Append(CedarText.NameOf(variable.Name));
                break;
            case Expression.And and:
                Infix(and.Left, Binding.And, " && ", and.Right, Binding.Relation, depth);
                break;
            case Expression.Or or:
                Infix(or.Left, Binding.Or, " || ", or.Right, Binding.And, depth);
                break;
            case Expression.Unary { Operator: UnaryOperator.IsEmpty } unary:
                Expression(unary.Operand, Binding.Member, depth);
                _text.Append(".isEmpty()");
                break;
            case Expression.Unary unary:
                _text.Append(unary.Operator == UnaryOperator.Not ? '!' : '-');
                // Without parentheses a minus before a number is part of the number.
                if (unary is { Operator: UnaryOperator.Negate, Operand: Expression.Literal { Value: CedarLong { Value: >= 0 } number } })
                    _text.Append(CultureInfo.InvariantCulture, $"({number.Value})");
                else
                    Expression(unary.Operand, Binding.Member, depth);
                break;
            case Expression.Binary binary:
                Binary(binary, depth);
                break;
            case Expression.If choice:
                _text.Append("if ");
                Expression(choice.Condition, Binding.Whole, depth);
                _text.Append(" then ");
                Expression(choice.Then, Binding.Whole, depth);
                _text.Append(" else ");
                Expression(choice.Otherwise, Binding.Whole, depth);
                break;
            case Expression.GetAttribute get:
                Expression(get.Operand, Binding.Member, depth);
                if (CedarText.IsIdentifier(get.Name))
                    _text.Append('.').Append(get.Name);
                else
                    CedarText.AppendQuoted(_text.Append('['), get.Name).Append(']');
                break;
            case Expression.HasAttribute has:
                Expression(has.Operand, Binding.Sum, depth);
                CedarText.AppendName(_text.Append(" has "), has.Name);
                break;
            case Expression.Like like:
                Expression(like.Operand, Binding.Sum, depth);
                CedarText.AppendPattern(_text.Append(" like "), like.Pattern);
                break;
            case Expression.Is type:
                Expression(type.Operand, Binding.Sum, depth);
                _text.Append(" is ").Append(type.EntityType);
                if (type.In is { } ancestor)
                {
                    _text.Append(" in ");
                    Expression(ancestor, Binding.Sum, depth);
                }
                break;
            case Expression.SetOf set:
                _text.Append('[');
                List(set.Items, depth);
                _text.Append(']');
                break;
            case Expression.RecordOf record:
                Record(record, depth);
                break;
            case Expression.Call call:
                Call(call, depth);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(expression));
        }
    }

    private void Binary(Expression.Binary binary, int depth)
    {
        var symbol = SymbolOf(binary.Operator);
        if (IsMethod(binary.Operator))
        {
            Expression(binary.Left, Binding.Member, depth);
            _text.Append('.').Append(symbol).Append('(');
            Expression(binary.Right, Binding.Whole, depth);
            _text.Append(')');
            return;
        }

        var (left, right) = BindingOf(binary) switch
        {
            Binding.Sum => (Binding.Sum, Binding.Product),
            Binding.Product => (Binding.Product, Binding.Unary),
            _ => (Binding.Sum, Binding.Sum),
        };
        Infix(binary.Left, left, $" {symbol} ", binary.Right, right, depth);
    }

    private void Infix(Expression left, Binding leastLeft, string symbol, Expression right, Binding leastRight, int depth)
    {
        Expression(left, leastLeft, depth);
        _text.Append(symbol);
        Expression(right, leastRight, depth);
    }

    private void Record(Expression.RecordOf record, int depth)
    {
        _text.Append('{');
        for (var index = 0; index < record.Attributes.Length; index++)
        {
            if (index > 0)
                _text.Append(", ");
            CedarText.AppendName(_text, record.Attributes[index].Key).Append(": ");
            Expression(record.Attributes[index].Value, Binding.Whole, depth);
        }
        _text.Append('}');
    }

    private void Call(Expression.Call call, int depth)
    {
        IEnumerable<Expression> arguments = call.Arguments;
        if (!IsFunction(call.Function) && call.Arguments is [var first, ..])
        {
            Expression(first, Binding.Member, depth);
            _text.Append('.');
            arguments = call.Arguments.Skip(1);
        }
        _text.Append(call.Function).Append('(');
        List(arguments, depth);
        _text.Append(')');
    }

    private void List(IEnumerable<Expression> items, int depth)
    {
        var separator = "";
        foreach (var item in items)
        {
            _text.Append(separator);
            Expression(item, Binding.Whole, depth);
            separator = ", ";
        }
    }

    // What makes a value of an extension type is called by its name; everything else of these types is a method.
    private static bool IsFunction(string name) => name is "ip" or "decimal" or "datetime" or "duration" or "unknown";

    private static bool IsMethod(BinaryOperator op) =>
        op is BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny or BinaryOperator.HasTag or BinaryOperator.GetTag;

    private static string SymbolOf(BinaryOperator op) => op switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.In => "in",
        BinaryOperator.Contains => "contains",
        BinaryOperator.ContainsAll => "containsAll",
        BinaryOperator.ContainsAny => "containsAny",
        BinaryOperator.HasTag => "hasTag",
        BinaryOperator.GetTag => "getTag",
    };
}
