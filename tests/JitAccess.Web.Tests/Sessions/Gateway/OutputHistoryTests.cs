using CsCheck;
using JitAccess.Web.Sessions.Gateway;

namespace JitAccess.Web.Tests.Sessions.Gateway;

public sealed class OutputHistoryTests
{
    [Fact]
    public void History_OfAnyPieces_KeepsTheNewestBytesAtTheirOffsets() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Byte.Array[0, 700].Array[0, 60]).Sample((capacity, pieces) =>
        {
            capacity = Math.Max(capacity, 700);
            OutputHistory history = new(capacity);
            List<byte> all = [];
            foreach (byte[] piece in pieces)
            {
                history.Append(piece);
                all.AddRange(piece);
            }

            byte[] kept = new byte[capacity + 1];
            int length = history.CopyTo(history.Start, kept);
            return history.End == all.Count
                && history.End - history.Start >= Math.Min(all.Count, capacity)
                && kept.AsSpan(0, length).SequenceEqual(all.ToArray().AsSpan((int)history.Start));
        });

    [Fact]
    public void History_ReadInTheMiddle_GivesAsMuchAsFits()
    {
        OutputHistory history = new(8);
        history.Append("abcdefgh"u8);
        history.Append("ij"u8);
        byte[] target = new byte[3];

        Assert.Equal(3, history.CopyTo(5, target));
        Assert.Equal("fgh"u8, target);
        Assert.Equal(2, history.CopyTo(8, target));
        Assert.Equal("ij"u8, target.AsSpan(0, 2));
        Assert.Equal(0, history.CopyTo(10, target));
    }

    [Fact]
    public void History_AskedForWhatItForgot_Refuses()
    {
        OutputHistory history = new(4);
        history.Append("abcd"u8);
        history.Append("e"u8);

        Assert.Throws<ArgumentOutOfRangeException>(() => history.CopyTo(0, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => history.Append("abcde"u8));
    }
}
