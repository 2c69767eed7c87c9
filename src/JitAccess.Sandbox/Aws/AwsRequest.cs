namespace JitAccess.Sandbox.Aws;

/// <summary>A request whose signature held.</summary>
/// <param name="Caller">Who signed it.</param>
/// <param name="Region">The Region it was signed for.</param>
/// <param name="Operation">What is asked for.</param>
/// <param name="Body">The body, in the service's own format.</param>
internal sealed record AwsRequest(AwsCaller Caller, string Region, string Operation, ReadOnlyMemory<byte> Body);
