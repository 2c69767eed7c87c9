using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using JitAccess.Web.Sessions.Recordings;

namespace JitAccess.Web.Tests.Sessions.Recordings;

public sealed class CastWriterTests
{
    private readonly ArrayBufferWriter<byte> _lines = new();

    [Fact]
    public void Lines_AreAsciicastVersion3()
    {
        using CastWriter cast = new(_lines);
        cast.Header(80, 24, DateTimeOffset.FromUnixTimeSeconds(1_780_000_000), "alice on \"web\"");
        cast.Output(TimeSpan.FromMilliseconds(1.9), "a\u001b[31m\r\n"u8);
        cast.Resize(TimeSpan.FromMilliseconds(500.2), 100, 40);
        cast.Input(TimeSpan.FromMilliseconds(500.9), "\u0003"u8);
        cast.Marker(TimeSpan.FromMilliseconds(501.1), "ls");
        cast.Exit(TimeSpan.FromMilliseconds(2000), 0);
        Assert.Equal(
            [
                """{"version":3,"term":{"cols":80,"rows":24,"type":"xterm-256color"},"timestamp":1780000000,"title":"alice on \"web\""}""",
                """[0.001,"o","a\u001B[31m\r\n"]""",
                """[0.499,"r","100x40"]""",
                """[0.000,"i","\u0003"]""",
                """[0.001,"m","ls"]""",
                """[1.499,"x","0"]""",
            ],
            Lines());
    }

    [Fact]
    public void TextInAnyPieces_IsWrittenWhole() =>
        Gen.Select(Gen.String, Gen.Int[1, 5]).Sample((text, size) =>
        {
            // Lone surrogates are no text; UTF-8 cannot hold them.
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            ArrayBufferWriter<byte> lines = new();
            using CastWriter cast = new(lines);
            foreach (byte[] piece in bytes.Chunk(size)) cast.Output(TimeSpan.Zero, piece);
            cast.Exit(TimeSpan.Zero, 0);
            Assert.Equal(Encoding.UTF8.GetString(bytes), string.Concat(Events(lines).Where(one => one.Code == "o").Select(one => one.Data)));
        });

    [Fact]
    public void BytesThatAreNoText_BecomeReplacementCharactersAndNeverBreakALine() =>
        Gen.Byte.Array[0, 200].Array[0, 20].Sample(pieces =>
        {
            ArrayBufferWriter<byte> lines = new();
            using CastWriter cast = new(lines);
            foreach (byte[] piece in pieces) cast.Output(TimeSpan.Zero, piece);
            cast.Exit(TimeSpan.Zero, 0);
            Assert.Equal("x", Events(lines)[^1].Code);
        });

    private string[] Lines() => Encoding.UTF8.GetString(_lines.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static List<(string Code, string Data)> Events(ArrayBufferWriter<byte> lines) =>
        [.. Encoding.UTF8.GetString(lines.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Select(line => (line[1].GetString()!, line[2].GetString()!))];
}
