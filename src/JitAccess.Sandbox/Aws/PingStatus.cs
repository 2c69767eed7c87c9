namespace JitAccess.Sandbox.Aws;

/// <summary>Whether a node's agent answers, in Systems Manager's words.</summary>
public enum PingStatus
{
    Online,
    ConnectionLost,
    Inactive,
}
