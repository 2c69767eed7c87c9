namespace JitAccess.Domain.Nodes;

/// <summary>What Systems Manager says of a node's agent.</summary>
public enum PingStatus
{
    /// <summary>The agent answers.</summary>
    Online,

    /// <summary>The agent has stopped answering.</summary>
    ConnectionLost,

    /// <summary>The agent has not answered for a long time.</summary>
    Inactive,
}
