namespace JitAccess.Web.Aws;

/// <summary>What kind of no AWS said.</summary>
public enum AwsFailure
{
    /// <summary>AWS is busy; trying again soon helps.</summary>
    Throttled,

    /// <summary>JitAccess's own rights do not suffice.</summary>
    AccessDenied,

    /// <summary>The node's agent is not connected.</summary>
    NotConnected,

    /// <summary>What was asked for does not exist there.</summary>
    NotFound,

    /// <summary>AWS does not answer, or answers with an error of its own.</summary>
    Unreachable,
}
