namespace JitAccess.Sandbox.Aws;

/// <summary>One AWS service: its operations, and its words for what goes wrong.</summary>
internal abstract class AwsService
{
    /// <summary>The service's name in the credential scope.</summary>
    public abstract string Name { get; }

    /// <summary>What the request asks for, and its parameters as they may be recorded; throws <see cref="AwsError"/>.</summary>
    public abstract (string Operation, IReadOnlyDictionary<string, string> Parameters) Describe(string? target, ReadOnlyMemory<byte> body);

    /// <summary>Does what is asked; throws <see cref="AwsError"/>.</summary>
    public abstract AwsReply Answer(AwsRequest request);

    /// <summary>The service's words for a signature that does not hold.</summary>
    public abstract AwsError Word(SignatureProblem problem);

    /// <summary>The error in the service's format.</summary>
    public abstract AwsReply Refuse(AwsError error, string requestId);
}
