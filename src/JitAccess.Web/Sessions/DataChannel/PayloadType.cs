namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>What the payload of a stream message is. Zero on acknowledgements and control messages.</summary>
public enum PayloadType : uint
{
    None = 0,
    Output = 1,
    Error = 2,
    Size = 3,
    Parameter = 4,
    HandshakeRequest = 5,
    HandshakeResponse = 6,
    HandshakeComplete = 7,
    EncryptionChallengeRequest = 8,
    EncryptionChallengeResponse = 9,
    Flag = 10,
    StandardError = 11,
    ExitCode = 12,
}
