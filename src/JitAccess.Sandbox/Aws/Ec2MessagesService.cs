namespace JitAccess.Sandbox.Aws;

/// <summary>The older message service, which agents ask besides: it never has anything for them.</summary>
internal sealed class Ec2MessagesService : AwsService
{
    private const string TargetPrefix = "EC2WindowsMessageDeliveryService.";

    public override string Name => "ec2messages";

    public override (string Operation, IReadOnlyDictionary<string, string> Parameters) Describe(string? target, ReadOnlyMemory<byte> body) =>
        target is not null && target.StartsWith(TargetPrefix, StringComparison.Ordinal)
            ? (target[TargetPrefix.Length..], new Dictionary<string, string>())
            : throw new AwsError("UnknownOperationException", "The request names no operation of the message service.");

    public override AwsReply Answer(AwsRequest request) => request.Operation is "GetMessages"
        ? AwsReply.Json(new { })
        : throw new AwsError("UnknownOperationException", $"The emulator does not know {request.Operation}.");

    public override AwsError Word(SignatureProblem problem) => new("AccessDeniedException", $"The signature does not hold: {problem}.");

    public override AwsReply Refuse(AwsError error, string requestId) => AwsReply.Json(
        new Dictionary<string, string> { ["__type"] = error.Code, ["message"] = error.Message }, error.Status);
}
