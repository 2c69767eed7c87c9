using System.Text.Json;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>What a session turned out to be when it began.</summary>
/// <param name="SessionType">One of <see cref="SessionTypes"/>.</param>
/// <param name="AgentVersion">The version of the node's agent; null when there was no handshake, for only that tells it.</param>
/// <param name="Properties">What the handshake says of the session, depending on its type; null for nothing.</param>
/// <param name="IsEncrypted">Whether the content is encrypted between client and node, besides TLS.</param>
public sealed record SessionOpening(string SessionType, string? AgentVersion = null, JsonElement? Properties = null, bool IsEncrypted = false);
