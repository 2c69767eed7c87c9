namespace JitAccess.Web.Aws;

/// <summary>The encryption context of a session's data key, as Systems Manager defines it.</summary>
/// <param name="AwsSessionId">AWS's id of the session.</param>
/// <param name="NodeId">The node.</param>
internal sealed record KmsContext(string AwsSessionId, string NodeId)
{
    public const string SessionId = "aws:ssm:SessionId";
    public const string TargetId = "aws:ssm:TargetId";

    public Dictionary<string, string> ToDictionary() => new() { [SessionId] = AwsSessionId, [TargetId] = NodeId };
}
