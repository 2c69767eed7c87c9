using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

internal abstract partial class Node
{
    /// <summary><c>principal</c>, <c>action</c>, <c>resource</c> or <c>context</c>.</summary>
    internal sealed class Variable(RequestVariable name) : Node
    {
        public override Value Evaluate(Question question) => question.ValueOf(name);
    }

    /// <summary><c>operand.name</c>, of an entity or a record.</summary>
    internal sealed class GetAttribute(Node operand, string name) : Node
    {
        private readonly AttributeName _name = new(name);

        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            if (value.Record is { } record)
                return record.TryGet(_name, out var attribute) ? attribute : Failures.Say(question.SaysWhy, $"the record does not have the attribute `{name}`");
            if (value.Entity is not { } entity)
                return value.IsFailure ? value : Failures.Type("record or entity", value, question.SaysWhy);
            if (question.Find(entity) is not { } data)
                return Failures.Say(question.SaysWhy, $"the entity `{entity}` does not exist");
            return data.Attributes.TryGet(_name, out var own) ? own : Failures.Say(question.SaysWhy, $"`{entity}` does not have the attribute `{name}`");
        }
    }

    /// <summary><c>operand has name</c>, of an entity or a record.</summary>
    internal sealed class HasAttribute(Node operand, string name) : Node
    {
        private readonly AttributeName _name = new(name);

        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            if (value.Record is { } record)
                return Value.Of(record.Contains(_name));
            if (value.Entity is { } entity)
                return Value.Of(question.Find(entity) is { } data && data.Attributes.Contains(_name));
            return value.IsFailure ? value : Failures.Type("record or entity", value, question.SaysWhy);
        }
    }

    /// <summary><c>operand.hasTag(key)</c> with a key written in the policy.</summary>
    internal sealed class HasTagNamed(Node operand, string key) : Node
    {
        private readonly AttributeName _key = new(key);

        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            return value.Entity is { } entity
                ? Value.Of(question.Find(entity) is { } data && data.Tags.Contains(_key))
                : NotEntity(value, question);
        }
    }

    /// <summary><c>operand.getTag(key)</c> with a key written in the policy.</summary>
    internal sealed class GetTagNamed(Node operand, string key) : Node
    {
        private readonly AttributeName _key = new(key);

        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            return value.Entity is { } entity ? TagOf(entity, _key, question) : NotEntity(value, question);
        }
    }

    /// <summary><c>operand.hasTag(key)</c> or <c>operand.getTag(key)</c> with a key that is computed.</summary>
    internal sealed class ComputedTag(Node operand, Node key, bool isGet) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            if (value.Entity is not { } entity)
                return NotEntity(value, question);
            var keyValue = key.Evaluate(question);
            if (keyValue.Text is not { } text)
                return keyValue.IsFailure ? keyValue : Failures.Type("string", keyValue, question.SaysWhy);
            var name = new AttributeName(text);
            return isGet ? TagOf(entity, name, question) : Value.Of(question.Find(entity) is { } data && data.Tags.Contains(name));
        }
    }

    /// <summary><c>left in right</c>, of an entity and an entity or a set of them.</summary>
    internal sealed class In(Node left, Node right) : Node
    {
        public override Value Evaluate(Question question)
        {
            var leftValue = left.Evaluate(question);
            if (leftValue.Entity is not { } entity)
                return NotEntity(leftValue, question);
            var rightValue = right.Evaluate(question);
            return IsIn(entity, rightValue, question);
        }
    }

    /// <summary><c>operand is Type</c> or <c>operand is Type in ancestor</c>; the ancestor is not looked at when the type is another.</summary>
    internal sealed class Is(Node operand, string type, Node? ancestor) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            if (value.Entity is not { } entity)
                return NotEntity(value, question);
            if (entity.Type != type)
                return Value.False;
            return ancestor is null ? Value.True : IsIn(entity, ancestor.Evaluate(question), question);
        }
    }

    private static Value TagOf(EntityName entity, AttributeName key, Question question)
    {
        if (question.Find(entity) is not { } data)
            return Failures.Say(question.SaysWhy, $"the entity `{entity}` does not exist");
        return data.Tags.TryGet(key, out var tag) ? tag : Failures.Say(question.SaysWhy, $"`{entity}` does not have the tag `{key.Text}`");
    }

    private static Value IsIn(EntityName entity, Value ancestors, Question question)
    {
        if (ancestors.Entity is { } ancestor)
            return Value.Of(question.IsIn(entity, ancestor));
        if (ancestors.Set is not { } set)
            return ancestors.IsFailure ? ancestors : Failures.Type("entity or set of entities", ancestors, question.SaysWhy);

        // A set with anything else in it is a failure, wherever the entity is found.
        var isIn = false;
        foreach (var item in set.Items)
        {
            if (item.Entity is not { } one)
                return Failures.Type("entity", item, question.SaysWhy);
            isIn = isIn || question.IsIn(entity, one);
        }
        return Value.Of(isIn);
    }

    private static Value NotEntity(Value value, Question question) => value.IsFailure ? value : Failures.Type("entity", value, question.SaysWhy);
}
