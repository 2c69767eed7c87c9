namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of both encryption challenges: base64 of the encrypted challenge.</summary>
public sealed record EncryptionChallenge(string Challenge);
