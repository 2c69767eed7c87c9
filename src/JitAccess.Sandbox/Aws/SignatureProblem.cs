namespace JitAccess.Sandbox.Aws;

/// <summary>Why a request's signature is not accepted; each service has its own words for it.</summary>
internal enum SignatureProblem
{
    Missing,
    Incomplete,
    UnknownKey,
    Mismatch,
    ClockSkew,
    Expired,
}
