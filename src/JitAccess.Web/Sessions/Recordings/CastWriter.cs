using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>
/// Writes asciicast version 3 (docs.asciinema.org/manual/asciicast/v3): a header line, then one line an event with the seconds since
/// the event before. Bytes that are no UTF-8 become U+FFFD; a character that two outputs share is written once. Not thread-safe.
/// </summary>
internal sealed class CastWriter : IDisposable
{
    // A character of UTF-8 has at most four bytes, so three may wait for the last.
    private const int LongestRest = 3;

    private readonly IBufferWriter<byte> _to;
    private readonly Utf8JsonWriter _json;
    private readonly byte[] _rest = new byte[LongestRest];
    private int _restLength;
    private long _last;

    /// <param name="to">Takes the lines.</param>
    public CastWriter(IBufferWriter<byte> to)
    {
        _to = to;
        _json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The first line.</summary>
    public void Header(int columns, int rows, DateTimeOffset startedAt, string title)
    {
        _json.WriteStartObject();
        _json.WriteNumber("version", 3);
        _json.WriteStartObject("term");
        _json.WriteNumber("cols", columns);
        _json.WriteNumber("rows", rows);
        _json.WriteString("type", "xterm-256color");
        _json.WriteEndObject();
        _json.WriteNumber("timestamp", startedAt.ToUnixTimeSeconds());
        _json.WriteString("title", title);
        _json.WriteEndObject();
        EndLine();
    }

    /// <summary>Output of the node.</summary>
    public void Output(TimeSpan at, ReadOnlySpan<byte> bytes)
    {
        if (_restLength == 0)
        {
            Whole(at, bytes);
            return;
        }
        int length = _restLength + bytes.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        _rest.AsSpan(0, _restLength).CopyTo(joined);
        bytes.CopyTo(joined.AsSpan(_restLength));
        Whole(at, joined.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(joined);
    }

    /// <summary>Keystrokes.</summary>
    public void Input(TimeSpan at, ReadOnlySpan<byte> bytes) => Event(at, "i", bytes);

    /// <summary>The terminal has another size.</summary>
    public void Resize(TimeSpan at, int columns, int rows) => Event(at, "r", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{columns}x{rows}")));

    /// <summary>A place to jump to.</summary>
    public void Marker(TimeSpan at, string label) => Event(at, "m", Encoding.UTF8.GetBytes(label));

    /// <summary>The end of the session; characters that never became whole are written before it.</summary>
    public void Exit(TimeSpan at, int status)
    {
        if (_restLength > 0) Event(at, "o", _rest.AsSpan(0, _restLength));
        _restLength = 0;
        Event(at, "x", Encoding.UTF8.GetBytes(status.ToString(CultureInfo.InvariantCulture)));
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Writes what is whole, and keeps the beginning of a character for the next output.</summary>
    private void Whole(TimeSpan at, ReadOnlySpan<byte> bytes)
    {
        int whole = bytes.Length - UnfinishedAtEnd(bytes);
        bytes[whole..].CopyTo(_rest);
        _restLength = bytes.Length - whole;
        if (whole > 0) Event(at, "o", bytes[..whole]);
    }

    private void Event(TimeSpan at, string code, ReadOnlySpan<byte> text)
    {
        // Each event tells the time since the one before it, in whole milliseconds of the sum: rounding never adds up.
        long now = Math.Max(_last, (long)at.TotalMilliseconds);
        _json.WriteStartArray();
        _json.WriteRawValue(((now - _last) / 1000m).ToString("0.000", CultureInfo.InvariantCulture), skipInputValidation: true);
        _json.WriteStringValue(code);
        if (Utf8.IsValid(text)) _json.WriteStringValue(text);
        else _json.WriteStringValue(Encoding.UTF8.GetString(text));
        _json.WriteEndArray();
        _last = now;
        EndLine();
    }

    private void EndLine()
    {
        _json.Flush();
        _json.Reset();
        _to.Write("\n"u8);
    }

    /// <summary>How many bytes at the end begin a character whose other bytes have yet to come.</summary>
    private static int UnfinishedAtEnd(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(LongestRest, bytes.Length); back++)
        {
            byte lead = bytes[^back];
            if ((lead & 0b1100_0000) == 0b1000_0000) continue;
            int length = lead switch { >= 0xF0 and < 0xF8 => 4, >= 0xE0 and < 0xF0 => 3, >= 0xC0 and < 0xE0 => 2, _ => 1 };
            return length > back ? back : 0;
        }
        return 0;
    }
}
