using System.Net;

namespace JitAccess.Sandbox.Aws;

/// <summary>A refusal in AWS's words; each service wraps it in its own format.</summary>
internal sealed class AwsError(string code, string message, HttpStatusCode status = HttpStatusCode.BadRequest) : Exception(message)
{
    public string Code { get; } = code;

    public HttpStatusCode Status { get; } = status;
}
