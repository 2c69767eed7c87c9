using System.Net;
using System.Xml.Linq;

namespace JitAccess.Sandbox.Aws;

/// <summary>EC2, query protocol of 2016-11-15: what names and tags an instance has.</summary>
internal sealed class Ec2Service(NodeFleet fleet) : AwsService
{
    private static readonly XNamespace Xmlns = "http://ec2.amazonaws.com/doc/2016-11-15/";

    public override string Name => "ec2";

    public override (string Operation, IReadOnlyDictionary<string, string> Parameters) Describe(string? target, ReadOnlyMemory<byte> body)
    {
        QueryParameters parameters = QueryParameters.Parse(body);
        return (parameters.Required("Action"), parameters.All);
    }

    public override AwsReply Answer(AwsRequest request)
    {
        Func<AwsRequest, QueryParameters, IEnumerable<XElement?>> operation = request.Operation switch
        {
            "DescribeTags" => DescribeTags,
            "DescribeInstances" => DescribeInstances,
            _ => throw new AwsError("InvalidAction", $"The action {request.Operation} is not valid for this web service."),
        };
        request.Caller.Demand($"ec2:{request.Operation}", "*", "UnauthorizedOperation");
        return AwsReply.Xml(new XElement(
            Xmlns + $"{request.Operation}Response",
            Element("requestId", Guid.NewGuid()),
            operation(request, QueryParameters.Parse(request.Body))));
    }

    public override AwsError Word(SignatureProblem problem) => problem switch
    {
        SignatureProblem.Missing => new("MissingAuthenticationToken", "Request is missing Authentication Token", HttpStatusCode.Forbidden),
        SignatureProblem.Incomplete => new("IncompleteSignature", "Request must contain a complete AWS4-HMAC-SHA256 signature"),
        SignatureProblem.UnknownKey or SignatureProblem.Mismatch => new(
            "AuthFailure", "AWS was not able to validate the provided access credentials", HttpStatusCode.Unauthorized),
        SignatureProblem.ClockSkew or SignatureProblem.Expired => new("RequestExpired", "Request has expired."),
    };

    public override AwsReply Refuse(AwsError error, string requestId) => AwsReply.Xml(
        new XElement(
            "Response",
            new XElement("Errors", new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))),
            new XElement("RequestID", requestId)),
        error.Status);

    private IEnumerable<XElement?> DescribeTags(AwsRequest request, QueryParameters parameters)
    {
        IEnumerable<(string Id, string Key, string Value)> tags = Instances(request)
            .SelectMany(node => node.Tags.Select(tag => (node.Id, tag.Key, tag.Value)));
        foreach ((string name, IReadOnlyList<string> values) in parameters.Filters())
            tags = name switch
            {
                "resource-type" => tags.Where(_ => values.Contains("instance")),
                "resource-id" => tags.Where(tag => values.Contains(tag.Id)),
                "key" or "tag-key" => tags.Where(tag => values.Contains(tag.Key)),
                "value" or "tag-value" => tags.Where(tag => values.Contains(tag.Value)),
                _ => throw UnknownFilter(name),
            };
        (var page, string? nextToken) = Paging.Cut(
            tags, tag => $"{tag.Id}/{tag.Key}", PageSize(parameters), parameters["NextToken"], "InvalidParameterValue");
        yield return new XElement(Xmlns + "tagSet", page.Select(tag => new XElement(
            Xmlns + "item",
            Element("resourceId", tag.Id),
            Element("resourceType", "instance"),
            Element("key", tag.Key),
            Element("value", tag.Value))));
        yield return NextToken(nextToken);
    }

    private IEnumerable<XElement?> DescribeInstances(AwsRequest request, QueryParameters parameters)
    {
        IReadOnlyList<string> ids = parameters.List("InstanceId");
        if (ids.Count > 0 && parameters["MaxResults"] is not null)
            throw new AwsError("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults");
        string? unknown = ids.FirstOrDefault(id => Instances(request).All(node => node.Id != id));
        if (unknown is not null)
            throw new AwsError("InvalidInstanceID.NotFound", $"The instance ID '{unknown}' does not exist");

        IEnumerable<EmulatedNode> nodes = Instances(request).Where(node => ids.Count == 0 || ids.Contains(node.Id));
        foreach ((string name, IReadOnlyList<string> values) in parameters.Filters())
            nodes = name switch
            {
                "instance-id" => nodes.Where(node => values.Contains(node.Id)),
                "instance-state-name" => nodes.Where(_ => values.Contains("running")),
                "tag-key" => nodes.Where(node => values.Any(node.Tags.ContainsKey)),
                _ when name.StartsWith("tag:", StringComparison.Ordinal) => nodes.Where(
                    node => node.Tags.TryGetValue(name["tag:".Length..], out string? value) && values.Contains(value)),
                _ => throw UnknownFilter(name),
            };
        (var page, string? nextToken) = Paging.Cut(
            nodes, node => node.Id, PageSize(parameters), parameters["NextToken"], "InvalidParameterValue");
        yield return new XElement(Xmlns + "reservationSet", page.Select(node => new XElement(
            Xmlns + "item",
            Element("reservationId", "r-" + node.Id[2..]),
            Element("ownerId", node.AccountId),
            new XElement(Xmlns + "instancesSet", new XElement(Xmlns + "item", Instance(node))))));
        yield return NextToken(nextToken);
    }

    private IEnumerable<EmulatedNode> Instances(AwsRequest request) =>
        fleet.In(request.Caller.AccountId, request.Region).Where(node => !node.IsHybrid);

    private static IEnumerable<XElement> Instance(EmulatedNode node) =>
    [
        Element("instanceId", node.Id),
        new(Xmlns + "instanceState", Element("code", 16), Element("name", "running")),
        Element("privateIpAddress", node.IpAddress),
        new(Xmlns + "tagSet", node.Tags.Select(tag => new XElement(Xmlns + "item", Element("key", tag.Key), Element("value", tag.Value)))),
    ];

    private static int? PageSize(QueryParameters parameters) => parameters.Number("MaxResults") is not int size ? null
        : size is >= 5 and <= 1000 ? size
        : throw new AwsError("InvalidParameterValue", $"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.");

    private static XElement? NextToken(string? token) => token is null ? null : Element("nextToken", token);

    private static XElement Element(string name, object value) => new(Xmlns + name, value);

    private static AwsError UnknownFilter(string name) => new("InvalidParameterValue", $"The filter '{name}' is invalid");
}
