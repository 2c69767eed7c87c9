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

    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Output goes on at this offset; so many bytes before it are not kept any more.</summary>
    public static ControlMessage Resumed(long offset, long lost) => new("resumed") { Offset = offset, Lost = lost };

    /// <summary>The connection between the server and the node.</summary>
    public static ControlMessage Of(ChannelStatus status) => new("status") { Status = JsonNamingPolicy.CamelCase.ConvertName(status.ToString()) };

    /// <summary>A line for the person.</summary>
    public static ControlMessage Notice(string text) => new("notice") { Text = text };

    /// <summary>When the session ends at the latest.</summary>
    public static ControlMessage EndsAtTime(DateTimeOffset endsAt) => new("endsAt") { EndsAt = endsAt };

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
