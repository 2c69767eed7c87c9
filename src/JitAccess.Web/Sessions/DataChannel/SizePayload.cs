using System.Text.Json.Serialization;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="PayloadType.Size"/>: the terminal's size in characters.</summary>
public sealed record SizePayload(
    [property: JsonPropertyName("cols")] uint Columns,
    [property: JsonPropertyName("rows")] uint Rows);
