using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Values by name: a record, or the attributes or tags of an entity. Immutable; compared by value.</summary>
internal sealed class RecordValue : IEquatable<RecordValue>
{
    public static readonly RecordValue Empty = new([]);

    // Open addressing, at most half full, so that a search ends at an empty slot.
    private readonly Slot[] _slots;

    public RecordValue(IReadOnlyCollection<KeyValuePair<string, Value>> attributes)
    {
        _slots = new Slot[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * attributes.Count, 1))];
        var onlyTexts = true;
        foreach (var (name, value) in attributes)
        {
            var key = new AttributeName(name);
            var index = key.Hash & (_slots.Length - 1);
            while (_slots[index].Name is { } taken)
            {
                if (taken == name)
                    throw new ArgumentException($"The attribute {name} occurs twice.", nameof(attributes));
                index = (index + 1) & (_slots.Length - 1);
            }
            _slots[index] = new Slot(key.Hash, name, value);
            onlyTexts &= value.Text is not null;
        }
        Count = attributes.Count;
        HoldsOnlyTexts = onlyTexts;
    }

    public int Count { get; }

    /// <summary>Whether every value is a text, as all tags and attributes of the node access schema's entities are.</summary>
    public bool HoldsOnlyTexts { get; }

    /// <summary>The attributes in the order of their names.</summary>
    public IEnumerable<KeyValuePair<string, Value>> InOrder => _slots
        .Where(slot => slot.Name is not null)
        .Select(slot => KeyValuePair.Create(slot.Name!, slot.Value))
        .OrderBy(attribute => attribute.Key, StringComparer.Ordinal);

    /// <summary>The slots of the table, used and unused, to walk over without allocation.</summary>
    public ReadOnlySpan<Slot> Slots => _slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(AttributeName name, out Value value)
    {
        var slots = _slots;
        for (var index = name.Hash & (slots.Length - 1); ; index = (index + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[index];
            if (slot.Name is null)
            {
                value = default;
                return false;
            }
            if (slot.Hash == name.Hash && (ReferenceEquals(slot.Name, name.Text) || slot.Name == name.Text))
            {
                value = slot.Value;
                return true;
            }
        }
    }

    public bool Contains(AttributeName name) => TryGet(name, out _);

    public bool Equals(RecordValue? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || Count != other.Count)
            return false;
        foreach (ref readonly var slot in Slots)
        {
            if (slot.Name is not null && !(other.TryGet(new AttributeName(slot.Name), out var value) && slot.Value.Equals(value)))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as RecordValue);

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (ref readonly var slot in Slots)
        {
            if (slot.Name is not null)
                hash ^= HashCode.Combine(slot.Hash, slot.Value);
        }
        return hash;
    }

    public StringBuilder AppendTo(StringBuilder text)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var (name, value) in InOrder)
        {
            if (!isFirst)
                text.Append(", ");
            isFirst = false;
            value.AppendTo(CedarText.AppendName(text, name).Append(": "));
        }
        return text.Append('}');
    }

    /// <summary>One name with its value; unused when the name is null.</summary>
    internal readonly struct Slot(int hash, string name, Value value)
    {
        public readonly int Hash = hash;
        public readonly string? Name = name;
        public readonly Value Value = value;
    }
}
