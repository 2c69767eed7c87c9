using System.Text.Json;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Answers what a node asks for before the stream begins.</summary>
internal static class Handshake
{
    /// <summary>Says yes to the kinds of shell; anything else is answered as not supported, and the node then ends the session.</summary>
    public static HandshakeResponse Answer(ReadOnlySpan<byte> payload) =>
        PayloadJson.TryRead(payload, out HandshakeRequest? request)
            ? new HandshakeResponse(DataChannelClient.ClientVersion, [.. request.RequestedClientActions.Select(Answer)])
            : new HandshakeResponse(DataChannelClient.ClientVersion, [], ["The handshake request could not be read."]);

    private static ProcessedClientAction Answer(RequestedClientAction action) => action.ActionType switch
    {
        ClientActions.SessionType => AnswerSessionType(action),
        ClientActions.KmsEncryption => Unsupported(action, "Encryption of the session with AWS KMS is not supported yet."),
        _ => Unsupported(action, $"The action '{action.ActionType}' is not supported."),
    };

    private static ProcessedClientAction AnswerSessionType(RequestedClientAction action)
    {
        string? sessionType = action.ActionParameters.ValueKind == JsonValueKind.Object
            && action.ActionParameters.TryGetProperty(nameof(SessionTypeParameters.SessionType), out JsonElement value)
            && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        return sessionType is SessionTypes.StandardStream or SessionTypes.InteractiveCommands or SessionTypes.NonInteractiveCommands
            ? new ProcessedClientAction(action.ActionType, ClientActionStatus.Success)
            : Unsupported(action, $"Sessions of the type '{sessionType}' are not supported.");
    }

    private static ProcessedClientAction Unsupported(RequestedClientAction action, string error) =>
        new(action.ActionType, ClientActionStatus.Unsupported, Error: error);
}
