using System.Text.Json;
using System.Text.Json.Serialization;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>What the server tells the page besides output, as JSON.</summary>
internal sealed record ControlMessage(string Type)
{
    public string? Text { get; init; }

    public string? Status { get; init; }

    public long? Offset { get; init; }

    public long? Lost { get; init; }

    public long? Shown { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public bool? Mine { get; init; }

    public bool? Paused { get; init; }

    public IReadOnlyList<string>? Watchers { get; init; }

    public bool? RecordsInput { get; init; }

    /// <summary>The answer to a page's ping.</summary>
    public static ControlMessage Alive { get; } = new("alive");

    /// <summary>
    /// Output goes on at this offset; so many bytes before it are not kept any more. Up to <paramref name="shown"/> some
    /// page has shown it before: a terminal must not answer its queries a second time.
    /// </summary>
    public static ControlMessage Resumed(long offset, long lost, long shown) =>
        new("resumed") { Offset = offset, Lost = lost, Shown = shown };

    /// <summary>The connection between the server and the node.</summary>
    public static ControlMessage Of(ChannelStatus status) => new("status") { Status = JsonNamingPolicy.CamelCase.ConvertName(status.ToString()) };

    /// <summary>A line for the person.</summary>
    public static ControlMessage Notice(string text) => new("notice") { Text = text };

    /// <summary>When the session ends at the latest.</summary>
    public static ControlMessage EndsAtTime(DateTimeOffset endsAt) => new("endsAt") { EndsAt = endsAt };

    /// <summary>Whether this page's keystrokes are taken: one page writes, the others of the person show.</summary>
    public static ControlMessage Keyboard(bool isMine) => new("keyboard") { Mine = isMine };

    /// <summary>Who watches, and whether the session waits for somebody to.</summary>
    public static ControlMessage Watched(IReadOnlyList<string> watchers, bool isPaused) => new("watched") { Watchers = watchers, Paused = isPaused };

    /// <summary>The session is recorded, with or without keystrokes.</summary>
    public static ControlMessage Recorded(bool withInput) => new("recorded") { RecordsInput = withInput };

    /// <summary>The session is over; nothing follows.</summary>
    public static ControlMessage Ended(string reason) => new("ended") { Text = reason };

    /// <summary>The message as a frame of the browser's protocol.</summary>
    public byte[] ToFrame() => [TerminalProtocol.Control, .. JsonSerializer.SerializeToUtf8Bytes(this, ControlJson.Default.ControlMessage)];
}

/// <summary>The generated JSON contract of <see cref="ControlMessage"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlMessage))]
internal sealed partial class ControlJson : JsonSerializerContext;
