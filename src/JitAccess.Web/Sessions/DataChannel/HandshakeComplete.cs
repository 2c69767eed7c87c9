namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="PayloadType.HandshakeComplete"/>: the stream begins.</summary>
/// <param name="HandshakeTimeToComplete">Nanoseconds.</param>
/// <param name="CustomerMessage">A line for the person, or empty.</param>
public sealed record HandshakeComplete(long HandshakeTimeToComplete, string? CustomerMessage = "");
