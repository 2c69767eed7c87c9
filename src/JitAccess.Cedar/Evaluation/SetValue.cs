using System.Text;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Distinct values without order. Immutable; compared by value.</summary>
internal sealed class SetValue : IEquatable<SetValue>
{
    public static readonly SetValue Empty = new([]);

    private const int Few = 8;

    private readonly Value[] _items;
    private readonly HashSet<Value>? _lookup;

    public SetValue(ReadOnlySpan<Value> items)
    {
        if (items.Length > Few)
        {
            _lookup = [.. items];
            _items = [.. _lookup];
            return;
        }

        Span<Value> distinct = new Value[items.Length];
        var count = 0;
        foreach (var item in items)
        {
            if (!distinct[..count].Contains(item))
                distinct[count++] = item;
        }
        _items = distinct[..count].ToArray();
    }

    public ReadOnlySpan<Value> Items => _items;

    public bool Contains(Value value) => _lookup is null ? Items.Contains(value) : _lookup.Contains(value);

    public bool ContainsAll(SetValue other)
    {
        foreach (var item in other.Items)
        {
            if (!Contains(item))
                return false;
        }
        return true;
    }

    public bool ContainsAny(SetValue other)
    {
        foreach (var item in other.Items)
        {
            if (Contains(item))
                return true;
        }
        return false;
    }

    public bool Equals(SetValue? other) =>
        ReferenceEquals(this, other) || (other is not null && _items.Length == other._items.Length && ContainsAll(other));

    public override bool Equals(object? obj) => Equals(obj as SetValue);

    public override int GetHashCode()
    {
        var hash = _items.Length;
        foreach (var item in _items)
            hash ^= item.GetHashCode();
        return hash;
    }

    public StringBuilder AppendTo(StringBuilder text)
    {
        text.Append('[');
        for (var index = 0; index < _items.Length; index++)
        {
            if (index > 0)
                text.Append(", ");
            _items[index].AppendTo(text);
        }
        return text.Append(']');
    }
}
