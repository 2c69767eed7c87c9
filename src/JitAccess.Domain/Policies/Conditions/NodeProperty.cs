namespace JitAccess.Domain.Policies.Conditions;

/// <summary>What every node has and the condition builder can ask for.</summary>
public enum NodeProperty
{
    /// <summary>The account's twelve digits.</summary>
    Account,

    /// <summary>The Region, such as <c>eu-west-1</c>.</summary>
    Region,

    /// <summary>Linux, Windows or MacOS.</summary>
    Platform,
}
