using System.Text.Json;
using System.Text.Json.Serialization;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Generated JSON contracts: property names as the records spell them (PascalCase), except the terminal's size.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Acknowledge))]
[JsonSerializable(typeof(AgentSessionState))]
[JsonSerializable(typeof(ChannelClosed))]
[JsonSerializable(typeof(EncryptionChallenge))]
[JsonSerializable(typeof(HandshakeRequest))]
[JsonSerializable(typeof(HandshakeResponse))]
[JsonSerializable(typeof(HandshakeComplete))]
[JsonSerializable(typeof(SessionTypeParameters))]
[JsonSerializable(typeof(KmsEncryptionParameters))]
[JsonSerializable(typeof(KmsEncryptionResult))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(OpenDataChannel))]
[JsonSerializable(typeof(SizePayload))]
internal sealed partial class DataChannelJson : JsonSerializerContext;
