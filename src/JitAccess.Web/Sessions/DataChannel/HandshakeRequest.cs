using System.Text.Json;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="PayloadType.HandshakeRequest"/>: what the node asks the client to do before the stream begins.</summary>
public sealed record HandshakeRequest(string AgentVersion, IReadOnlyList<RequestedClientAction> RequestedClientActions);

/// <summary>One thing asked for; the parameters depend on the action.</summary>
public sealed record RequestedClientAction(string ActionType, JsonElement ActionParameters = default);

/// <summary>Parameters of <see cref="ClientActions.SessionType"/>.</summary>
public sealed record SessionTypeParameters(string SessionType, JsonElement? Properties = null);

/// <summary>Parameters of <see cref="ClientActions.KmsEncryption"/>.</summary>
public sealed record KmsEncryptionParameters(
    [property: System.Text.Json.Serialization.JsonPropertyName("KMSKeyId")] string KmsKeyId,
    string? Challenge = null);

/// <summary>The names of the actions.</summary>
public static class ClientActions
{
    public const string SessionType = "SessionType";
    public const string KmsEncryption = "KMSEncryption";
}

/// <summary>The kinds of session that a handshake may name.</summary>
public static class SessionTypes
{
    public const string StandardStream = "Standard_Stream";
    public const string InteractiveCommands = "InteractiveCommands";
    public const string NonInteractiveCommands = "NonInteractiveCommands";
    public const string Port = "Port";

    /// <summary>Those that a terminal shows.</summary>
    public static IReadOnlySet<string> Terminals { get; } = new HashSet<string> { StandardStream, InteractiveCommands, NonInteractiveCommands };
}
