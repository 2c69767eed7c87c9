using CsCheck;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class SmuxDecoderTests
{
    private static readonly Gen<(SmuxCommand Command, uint Id, byte[] Data)> Frames = Gen.Select(
        Gen.Enum<SmuxCommand>(), Gen.UInt, Gen.Byte.Array[0, 300],
        (command, id, data) => (command, id, command == SmuxCommand.Push ? data : []));

    [Fact]
    public void Frame_Written_IsTheProtocolsBytes()
    {
        Assert.Equal([1, 0, 0, 0, 3, 0, 0, 0], SmuxFrame.Write(SmuxCommand.Open, 3));
        Assert.Equal([1, 1, 0, 0, 5, 0, 0, 0], SmuxFrame.Write(SmuxCommand.Finish, 5));
        Assert.Equal([1, 2, 2, 0, 1, 2, 0, 0, 7, 8], SmuxFrame.Write(SmuxCommand.Push, 0x201, [7, 8]));
        Assert.Equal([1, 3, 0, 0, 0, 0, 0, 0], SmuxFrame.Write(SmuxCommand.KeepAlive, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmuxFrame.Write(SmuxCommand.Push, 3, new byte[SmuxFrame.LongestData + 1]));
    }

    [Fact]
    public void Frames_CutAnywhere_ReadTheSame() => Gen.Select(Frames.Array[0, 20], Gen.Int[1, 50]).Sample(
        (frames, cut) =>
        {
            byte[] bytes = [.. frames.SelectMany(frame => SmuxFrame.Write(frame.Command, frame.Id, frame.Data))];
            // Empty data frames say nothing, and where one stream's data are cut does not matter.
            string expected = Merge(frames.Where(frame => frame.Command != SmuxCommand.Push || frame.Data.Length > 0));
            SmuxDecoder decoder = new();
            List<(SmuxCommand, uint, byte[])> read = [];
            foreach (byte[] chunk in bytes.Chunk(cut))
            {
                ReadOnlySpan<byte> rest = chunk;
                while (decoder.TryRead(ref rest, out SmuxPart part))
                    read.Add((part.Command, part.StreamId, part.Data.ToArray()));
                Assert.True(rest.IsEmpty);
            }

            Assert.False(decoder.IsBroken);
            Assert.Equal(expected, Merge(read));
        });

    [Fact]
    public void RandomBytes_NeverThrowNorGiveMoreThanCame() => Gen.Select(Gen.Byte.Array[0, 500], Gen.Int[0, 4]).Sample(
        (bytes, valid) =>
        {
            byte[] begun = [.. Enumerable.Repeat(SmuxFrame.Write(SmuxCommand.Push, 3, [1, 2, 3]), valid).SelectMany(frame => frame), .. bytes];
            SmuxDecoder decoder = new();
            ReadOnlySpan<byte> rest = begun;
            int given = 0;
            while (decoder.TryRead(ref rest, out SmuxPart part))
                given += part.Command == SmuxCommand.Push ? part.Data.Length : SmuxFrame.HeaderLength;
            Assert.InRange(given, 0, begun.Length);
            Assert.True(rest.IsEmpty || decoder.IsBroken);
        },
        iter: 20_000);

    [Theory]
    [InlineData(new byte[] { 2, 2, 0, 0, 3, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 4, 0, 0, 3, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 1, 0, 3, 0, 0, 0 })]
    public void OtherProtocols_BreakTheDecoderForGood(byte[] bytes)
    {
        SmuxDecoder decoder = new();
        ReadOnlySpan<byte> rest = bytes;
        Assert.False(decoder.TryRead(ref rest, out _));
        Assert.True(decoder.IsBroken);
        rest = SmuxFrame.Write(SmuxCommand.Open, 3);
        Assert.False(decoder.TryRead(ref rest, out _));
    }

    private static string Merge(IEnumerable<(SmuxCommand Command, uint Id, byte[] Data)> frames)
    {
        List<string> lines = [];
        uint? pushing = null;
        foreach ((SmuxCommand command, uint id, byte[] data) in frames)
        {
            if (command == SmuxCommand.Push && pushing == id)
                lines[^1] += Convert.ToHexString(data);
            else
                lines.Add($"{command} {id} {Convert.ToHexString(data)}");
            pushing = command == SmuxCommand.Push ? id : null;
        }

        return string.Join('\n', lines);
    }
}
