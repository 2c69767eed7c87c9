using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace JitAccess.Cedar.Evaluation.Classes;

/// <summary>Writes what a key is made of, such that different content is written differently.</summary>
internal sealed class KeyWriter
{
    private byte[] _content = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Written => _content.AsSpan(0, _length);

    public int Position => _length;

    /// <summary>Forgets what was written behind a position.</summary>
    public void BackTo(int position) => _length = position;

    public void Mark(byte mark) => Room(1)[0] = mark;

    public void Truth(Value value) => Mark(value.IsTrue ? (byte)1 : value.IsFalse ? (byte)2 : (byte)3);

    public void Number(long number) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), number);

    public void Text(string text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), text.Length);
        MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(Room(2 * text.Length));
    }

    public void Value(Value value)
    {
        switch (value)
        {
            case { Text: { } text }:
                Mark(1);
                Text(text);
                break;
            case { Entity: { } entity }:
                Mark(2);
                Text(entity.Type);
                Text(entity.Id);
                break;
            case { NumberKind: { } kind }:
                Mark(3);
                Text(kind.Name);
                Number(value.Number);
                break;
            case { Record: { } record }:
                Mark(4);
                Record(record);
                break;
            case { Set: { } set }:
                Mark(5);
                Set(set);
                break;
            case { Ip: { } ip }:
                Mark(6);
                Text(ip.ToString());
                break;
            default:
                // That it failed is all that counts.
                Mark(0);
                break;
        }
    }

    public void Record(RecordValue record)
    {
        Number(record.Count);
        foreach (var (name, value) in record.InOrder)
        {
            Text(name);
            Value(value);
        }
    }

    // Equal sets may hold their items in any order.
    private void Set(SetValue set)
    {
        var items = new List<byte[]>();
        foreach (var item in set.Items)
        {
            var start = _length;
            Value(item);
            items.Add(_content[start.._length]);
            BackTo(start);
        }
        items.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        Number(items.Count);
        foreach (var item in items)
            item.CopyTo(Room(item.Length));
    }

    private Span<byte> Room(int size)
    {
        if (_content.Length - _length < size)
            Array.Resize(ref _content, Math.Max(2 * _content.Length, _length + size));
        _length += size;
        return _content.AsSpan(_length - size, size);
    }
}
