using System.Text.Json.Serialization;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>The one text message, first on each WebSocket: it proves the right to the channel. Nothing answers it.</summary>
/// <param name="TokenValue">The token of StartSession or ResumeSession. Never logged.</param>
/// <param name="RequestId">A new UUID.</param>
/// <param name="ClientId">UUID of the client's process; empty from a node.</param>
/// <param name="ClientVersion">The version of the client's protocol; absent from a node.</param>
/// <param name="ClientInstanceId">The node's id; its presence tells a node from a client.</param>
/// <param name="MessageSchemaVersion">1.0.</param>
public sealed record OpenDataChannel(
    [property: JsonPropertyOrder(2)] string TokenValue,
    [property: JsonPropertyOrder(1)] string RequestId,
    [property: JsonPropertyOrder(4)] string ClientId = "",
    [property: JsonPropertyOrder(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientVersion = null,
    [property: JsonPropertyOrder(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientInstanceId = null,
    [property: JsonPropertyOrder(0)] string MessageSchemaVersion = "1.0")
{
    /// <summary>The token stays out of logs and messages.</summary>
    public override string ToString() => $"{nameof(OpenDataChannel)} {RequestId}";
}
