namespace JitAccess.Cedar.Evaluation.Classes;

/// <summary>What one expression puts into a key, so that its outcome follows from that and from the other sides of the request.</summary>
internal abstract class KeyPart
{
    private KeyPart()
    {
    }

    public abstract void Write(Question question, KeyWriter key);

    /// <summary>Nothing: the expression does not look at the side.</summary>
    internal sealed class Nothing : KeyPart
    {
        public static readonly Nothing Instance = new();

        public override void Write(Question question, KeyWriter key)
        {
        }
    }

    /// <summary>The value of an expression that looks at nothing but the side.</summary>
    internal sealed class ValueOf(Node node) : KeyPart
    {
        public override void Write(Question question, KeyWriter key) => key.Value(node.Evaluate(question));
    }

    /// <summary>Whether a condition that looks at nothing but the side is true, is false or fails.</summary>
    internal sealed class TruthOf(Node node) : KeyPart
    {
        public Value Evaluate(Question question) => node.Evaluate(question);

        public override void Write(Question question, KeyWriter key) => key.Truth(Evaluate(question));
    }

    /// <summary>All tags of an entity that the side leads to, for a key that comes from elsewhere.</summary>
    internal sealed class TagsOf(Node node) : KeyPart
    {
        public override void Write(Question question, KeyWriter key)
        {
            var value = node.Evaluate(question);
            if (value.Entity is not { } entity)
                key.Mark(0);
            else if (question.Find(entity) is not { } data)
                key.Mark(1);
            else
            {
                key.Mark(2);
                key.Record(data.Tags);
            }
        }
    }

    /// <summary>Whether the side's store holds an entity that a policy names.</summary>
    internal sealed class HoldingOf(EntityName entity) : KeyPart
    {
        public override void Write(Question question, KeyWriter key) => key.Mark(question.Entities.Find(entity) is null ? (byte)0 : (byte)1);
    }

    /// <summary>Several parts, one after the other.</summary>
    internal sealed class Several(KeyPart[] parts) : KeyPart
    {
        public override void Write(Question question, KeyWriter key)
        {
            foreach (var part in parts)
                part.Write(question, key);
        }
    }

    /// <summary>A chain of <c>&amp;&amp;</c> or <c>||</c>; what follows a part that settles it does not count.</summary>
    internal sealed class Chain(KeyPart[] parts, bool goesOnWhen) : KeyPart
    {
        public override void Write(Question question, KeyWriter key)
        {
            foreach (var part in parts)
            {
                if (part is not TruthOf truth)
                {
                    part.Write(question, key);
                    continue;
                }
                var value = truth.Evaluate(question);
                key.Truth(value);
                if (!(goesOnWhen ? value.IsTrue : value.IsFalse))
                    return;
            }
        }
    }

    /// <summary><c>if</c> with a condition that looks at nothing but the side; the other branch does not count.</summary>
    internal sealed class Choice(TruthOf condition, KeyPart then, KeyPart otherwise) : KeyPart
    {
        public override void Write(Question question, KeyWriter key)
        {
            var value = condition.Evaluate(question);
            key.Truth(value);
            if (value.IsTrue)
                then.Write(question, key);
            else if (value.IsFalse)
                otherwise.Write(question, key);
        }
    }
}
