namespace JitAccess.Web.Aws;

/// <summary>AWS said no, or nothing. The message is for people; it holds no token and no credential.</summary>
public sealed class AwsException(AwsFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of no it was.</summary>
    public AwsFailure Failure { get; } = failure;
}
