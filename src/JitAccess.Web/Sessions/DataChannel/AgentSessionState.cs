namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="MessageTypes.AgentSessionState"/>: <c>Connected</c> or <c>Terminating</c>.</summary>
public sealed record AgentSessionState(string SessionState, string SessionId, int SchemaVersion = 1);
