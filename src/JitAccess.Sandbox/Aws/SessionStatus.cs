namespace JitAccess.Sandbox.Aws;

/// <summary>Where a session stands, in Systems Manager's words.</summary>
public enum SessionStatus
{
    Connecting,
    Connected,
    Disconnected,
    Terminating,
    Terminated,
    Failed,
}
