namespace JitAccess.Cedar.Syntax;

/// <summary>What a policy can look at.</summary>
public enum RequestVariable
{
    /// <summary>Who asks.</summary>
    Principal,

    /// <summary>What they want to do.</summary>
    Action,

    /// <summary>What they want to do it to.</summary>
    Resource,

    /// <summary>Further facts of the request.</summary>
    Context,
}
