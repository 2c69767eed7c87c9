namespace JitAccess.Sandbox.Aws;

/// <summary>A well-signed request that arrived, or a data channel that was opened. Holds no secret.</summary>
/// <param name="At">When.</param>
/// <param name="Service">sts, ec2, ssm, or ssmmessages for a data channel.</param>
/// <param name="Operation">For example AssumeRole; OpenDataChannel for a data channel.</param>
/// <param name="AccountId">The caller's account.</param>
/// <param name="Region">The Region of the credential scope.</param>
/// <param name="PrincipalArn">The caller; for a data channel the owner of the session.</param>
/// <param name="SessionName">The name of the caller's role session.</param>
/// <param name="Parameters">The request's parameters by name; lists and objects as JSON.</param>
/// <param name="ErrorCode">The error it was answered with.</param>
public sealed record RecordedCall(
    DateTimeOffset At,
    string Service,
    string Operation,
    string AccountId,
    string Region,
    string PrincipalArn,
    string? SessionName,
    IReadOnlyDictionary<string, string> Parameters,
    string? ErrorCode);
