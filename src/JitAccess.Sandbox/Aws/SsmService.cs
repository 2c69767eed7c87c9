using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JitAccess.Sandbox.Aws;

/// <summary>Systems Manager, JSON 1.1: nodes and sessions.</summary>
internal sealed class SsmService(NodeFleet fleet, NodeSessions sessions, TimeProvider clock) : AwsService
{
    private const string TargetPrefix = "AmazonSSM.";

    // A node that lost its connection was last heard of some time ago; any fixed past will do.
    private readonly DateTimeOffset lostAt = clock.GetUtcNow() - TimeSpan.FromDays(3);

    public override string Name => "ssm";

    public override (string Operation, IReadOnlyDictionary<string, string> Parameters) Describe(string? target, ReadOnlyMemory<byte> body)
    {
        if (target is null || !target.StartsWith(TargetPrefix, StringComparison.Ordinal))
            throw new AwsError("UnknownOperationException", "The request names no operation of Systems Manager.");
        Dictionary<string, JsonElement> members = SsmJson.Read<Dictionary<string, JsonElement>>(body);
        return (target[TargetPrefix.Length..], members.ToDictionary(member => member.Key, member => member.Value.ToString()));
    }

    public override AwsReply Answer(AwsRequest request) => request.Operation switch
    {
        "StartSession" => StartSession(request, SsmJson.Read<StartSessionRequest>(request.Body)),
        "ResumeSession" => ResumeSession(request, SsmJson.Read<SessionRequest>(request.Body)),
        "TerminateSession" => TerminateSession(request, SsmJson.Read<SessionRequest>(request.Body)),
        "DescribeSessions" => DescribeSessions(request, SsmJson.Read<DescribeSessionsRequest>(request.Body)),
        "DescribeInstanceInformation" =>
            DescribeInstanceInformation(request, SsmJson.Read<DescribeInstanceInformationRequest>(request.Body)),
        "GetConnectionStatus" => GetConnectionStatus(request, SsmJson.Read<TargetRequest>(request.Body)),
        "UpdateInstanceInformation" => UpdateInstanceInformation(request, SsmJson.Read<UpdateInstanceInformationRequest>(request.Body)),
        "ListInstanceAssociations" => AwsReply.Json(new { Associations = Array.Empty<object>() }),
        "ListTagsForResource" => ListTagsForResource(request, SsmJson.Read<ListTagsForResourceRequest>(request.Body)),
        _ => throw new AwsError("UnknownOperationException", $"The emulator does not know {request.Operation}."),
    };

    public override AwsError Word(SignatureProblem problem) => problem switch
    {
        SignatureProblem.Missing => new("MissingAuthenticationTokenException", "Missing Authentication Token"),
        SignatureProblem.Incomplete => new("IncompleteSignatureException", "Request must contain a complete AWS4-HMAC-SHA256 signature"),
        SignatureProblem.UnknownKey => new("UnrecognizedClientException", "The security token included in the request is invalid."),
        SignatureProblem.Mismatch => new(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."),
        SignatureProblem.ClockSkew => new(
            "InvalidSignatureException", "Signature expired or not yet current: it may differ from the server's time by 5 min."),
        SignatureProblem.Expired => new("ExpiredTokenException", "The security token included in the request is expired"),
    };

    // "Message" in either case: clients disagree about which one they read.
    public override AwsReply Refuse(AwsError error, string requestId) => AwsReply.Json(
        new Dictionary<string, string> { ["__type"] = error.Code, ["message"] = error.Message, ["Message"] = error.Message }, error.Status);

    private AwsReply StartSession(AwsRequest request, StartSessionRequest asked)
    {
        string target = Required(asked.Target, "target", 400);
        if (asked.Reason is { Length: < 1 or > 256 })
            throw Invalid("reason", "Member must have length between 1 and 256");
        string document = asked.DocumentName ?? SessionDocuments.Shell;
        request.Caller.Demand("ssm:StartSession", ArnOf(request, target));
        if (asked.DocumentName is not null || request.Caller.Policies.Any(policy => policy.ChecksDefaultDocument))
            request.Caller.Demand("ssm:StartSession", DocumentArn(request, document));
        if (!SessionDocuments.Exists(document))
            throw new AwsError("InvalidDocument", $"Document with name {document} does not exist.");
        if (fleet.Find(request.Caller.AccountId, request.Region, target) is not { PingStatus: PingStatus.Online } node)
            throw new AwsError("TargetNotConnected", $"{target} is not connected.");

        ManagedSession session = sessions.Start(node, request.Caller, document, asked.Parameters, asked.Reason);
        return Opened(session);
    }

    private AwsReply ResumeSession(AwsRequest request, SessionRequest asked)
    {
        ManagedSession session = Session(request, asked, "ssm:ResumeSession");
        // An ended session is answered without a token, which clients show as "timed out".
        return session.IsOver ? AwsReply.Json(new { session.SessionId }) : Opened(session);
    }

    private AwsReply TerminateSession(AwsRequest request, SessionRequest asked)
    {
        ManagedSession session = Session(request, asked, "ssm:TerminateSession");
        session.Terminate();
        return AwsReply.Json(new { session.SessionId });
    }

    private AwsReply DescribeSessions(AwsRequest request, DescribeSessionsRequest asked)
    {
        request.Caller.Demand("ssm:DescribeSessions", "*");
        bool active = asked.State switch
        {
            "Active" => true,
            "History" => false,
            _ => throw Invalid("state", "Member must satisfy enum value set: [History, Active]"),
        };
        IEnumerable<SessionDescription> found = sessions.In(request.Caller.AccountId, request.Region)
            .Select(session => session.Describe())
            .Where(session => active == session.Status is SessionStatus.Connected or SessionStatus.Connecting or SessionStatus.Disconnected);
        foreach (SessionFilter filter in asked.Filters ?? [])
            found = filter.Key switch
            {
                "InvokedAfter" => found.Where(session => session.StartDate >= Instant(filter.Value)),
                "InvokedBefore" => found.Where(session => session.StartDate <= Instant(filter.Value)),
                "Target" => found.Where(session => session.Target == filter.Value),
                "Owner" => found.Where(session => session.Owner == filter.Value),
                "Status" => found.Where(session => session.Status.ToString() == filter.Value),
                "SessionId" => found.Where(session => session.SessionId == filter.Value),
                "AccessType" => found.Where(session => session.AccessType == filter.Value),
                _ => throw new AwsError("InvalidFilterKey", "The specified key isn't valid."),
            };
        (IReadOnlyList<SessionDescription> page, string? nextToken) = Paging.Cut(
            found, session => session.SessionId, PageSize(asked.MaxResults, 1, 200), asked.NextToken, "InvalidNextToken");
        return AwsReply.Json(new { Sessions = page, NextToken = nextToken });
    }

    private AwsReply DescribeInstanceInformation(AwsRequest request, DescribeInstanceInformationRequest asked)
    {
        request.Caller.Demand("ssm:DescribeInstanceInformation", "*");
        if (asked.Filters is { Count: > 0 } && asked.InstanceInformationFilterList is { Count: > 0 })
            throw new AwsError("ValidationException", "Filters and InstanceInformationFilterList cannot be used together.");
        IEnumerable<EmulatedNode> nodes = fleet.In(request.Caller.AccountId, request.Region);
        IEnumerable<(string Key, IReadOnlyList<string> Values)> filters =
            (asked.Filters ?? []).Select(filter => (filter.Key, filter.Values))
            .Concat((asked.InstanceInformationFilterList ?? []).Select(filter => (filter.Key, filter.ValueSet)));
        foreach ((string key, IReadOnlyList<string> values) in filters)
            nodes = key switch
            {
                "InstanceIds" => nodes.Where(node => values.Contains(node.Id)),
                "AgentVersion" => nodes.Where(node => values.Contains(node.AgentVersion)),
                "PingStatus" => nodes.Where(node => values.Contains(node.PingStatus.ToString())),
                "PlatformTypes" => nodes.Where(node => values.Contains(node.PlatformType)),
                "ResourceType" => nodes.Where(node => values.Contains(ResourceType(node))),
                "tag-key" => nodes.Where(node => values.Any(node.Tags.ContainsKey)),
                _ when key.StartsWith("tag:", StringComparison.Ordinal) => nodes.Where(
                    node => node.Tags.TryGetValue(key["tag:".Length..], out string? value) && values.Contains(value)),
                _ => throw new AwsError("InvalidInstanceInformationFilterValue", $"The filter key {key} is not valid."),
            };
        (IReadOnlyList<EmulatedNode> page, string? nextToken) = Paging.Cut(
            nodes, node => node.Id, PageSize(asked.MaxResults, 5, 50), asked.NextToken, "InvalidNextToken");
        return AwsReply.Json(new { InstanceInformationList = page.Select(Information), NextToken = nextToken });
    }

    private AwsReply GetConnectionStatus(AwsRequest request, TargetRequest asked)
    {
        string target = Required(asked.Target, "target", 400);
        request.Caller.Demand("ssm:GetConnectionStatus", ArnOf(request, target));
        bool connected = fleet.Find(request.Caller.AccountId, request.Region, target) is { PingStatus: PingStatus.Online };
        return AwsReply.Json(new { Target = target, Status = connected ? "connected" : "notconnected" });
    }

    private AwsReply ListTagsForResource(AwsRequest request, ListTagsForResourceRequest asked)
    {
        string id = Required(asked.ResourceId, "resourceId", 1024);
        if (asked.ResourceType != "ManagedInstance")
            throw new AwsError("InvalidResourceType", "The emulator keeps tags of managed instances only.");
        request.Caller.Demand("ssm:ListTagsForResource", ArnOf(request, id));
        // The tags of EC2 instances belong to EC2; Systems Manager knows those of hybrid nodes.
        if (fleet.Find(request.Caller.AccountId, request.Region, id) is not { IsHybrid: true } node)
            throw new AwsError("InvalidResourceId", "The resource ID is not valid. Verify that you entered the correct ID and try again.");
        return AwsReply.Json(new { TagList = node.Tags.Select(tag => new { tag.Key, tag.Value }) });
    }

    // What an agent says of its machine every few minutes.
    private AwsReply UpdateInstanceInformation(AwsRequest request, UpdateInstanceInformationRequest asked)
    {
        string id = Required(asked.InstanceId, "instanceId", 400);
        request.Caller.Demand("ssm:UpdateInstanceInformation", ArnOf(request, id));
        if (fleet.Find(request.Caller.AccountId, request.Region, id) is null)
            throw new AwsError("InvalidInstanceId", $"{id} is not registered.");
        fleet.Change(id, node => node with
        {
            AgentVersion = asked.AgentVersion ?? node.AgentVersion,
            PlatformName = asked.PlatformName ?? node.PlatformName,
            PlatformVersion = asked.PlatformVersion ?? node.PlatformVersion,
            IpAddress = asked.IPAddress ?? node.IpAddress,
        });
        return AwsReply.Json(new { });
    }

    private object Information(EmulatedNode node) => new
    {
        InstanceId = node.Id,
        node.PingStatus,
        LastPingDateTime = node.PingStatus == PingStatus.Online ? clock.GetUtcNow() : lostAt,
        node.AgentVersion,
        IsLatestVersion = false,
        node.PlatformType,
        node.PlatformName,
        node.PlatformVersion,
        ResourceType = ResourceType(node),
        Name = node.IsHybrid ? node.Name : null,
        IPAddress = node.IpAddress,
        ComputerName = node.Name,
        SourceId = node.Id,
        SourceType = node.IsHybrid ? "AWS::SSM::ManagedInstance" : "AWS::EC2::Instance",
    };

    private ManagedSession Session(AwsRequest request, SessionRequest asked, string action)
    {
        string id = Required(asked.SessionId, "sessionId", 96);
        request.Caller.Demand(action, $"arn:aws:ssm:{request.Region}:{request.Caller.AccountId}:session/{id}");
        return sessions.Find(request.Caller.AccountId, request.Region, id)
            ?? throw new AwsError("DoesNotExistException", $"Session {id} does not exist.");
    }

    private AwsReply Opened(ManagedSession session) => AwsReply.Json(new
    {
        session.SessionId,
        TokenValue = session.IssueToken(),
        StreamUrl = sessions.StreamUrl(session),
    });

    private static string ArnOf(AwsRequest request, string nodeId) =>
        new EmulatedNode(nodeId, nodeId, request.Caller.AccountId, request.Region).Arn;

    private static string DocumentArn(AwsRequest request, string document)
    {
        string owner = document.StartsWith("AWS-", StringComparison.Ordinal) ? "" : request.Caller.AccountId;
        return $"arn:aws:ssm:{request.Region}:{owner}:document/{document}";
    }

    private static string ResourceType(EmulatedNode node) => node.IsHybrid ? "ManagedInstance" : "EC2Instance";

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant
            : throw new AwsError("ValidationException", $"{text} is not an ISO 8601 instant.");

    private static int? PageSize(int? asked, int least, int most) => asked is null || (asked >= least && asked <= most)
        ? asked ?? most
        : throw Invalid("maxResults", $"Member must have value between {least} and {most}");

    private static string Required(string? value, string member, int longest) => value is not null && value.Length >= 1 && value.Length <= longest
        ? value
        : throw Invalid(member, $"Member must have length between 1 and {longest}");

    private static AwsError Invalid(string member, string constraint) => new(
        "ValidationException", $"1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}");

    private sealed record StartSessionRequest(
        string? Target, string? DocumentName, string? Reason, IReadOnlyDictionary<string, IReadOnlyList<string>>? Parameters);

    private sealed record UpdateInstanceInformationRequest(
        string? InstanceId, string? AgentVersion, string? PlatformName, string? PlatformVersion, string? IPAddress);

    private sealed record SessionRequest(string? SessionId);

    private sealed record TargetRequest(string? Target);

    private sealed record DescribeSessionsRequest(string? State, int? MaxResults, string? NextToken, IReadOnlyList<SessionFilter>? Filters);

    private sealed record SessionFilter(
        [property: JsonPropertyName("key")] string Key, [property: JsonPropertyName("value")] string Value);

    private sealed record DescribeInstanceInformationRequest(
        int? MaxResults,
        string? NextToken,
        IReadOnlyList<InstanceFilter>? Filters,
        IReadOnlyList<LegacyInstanceFilter>? InstanceInformationFilterList);

    private sealed record InstanceFilter(string Key, IReadOnlyList<string> Values);

    private sealed record LegacyInstanceFilter(
        [property: JsonPropertyName("key")] string Key, [property: JsonPropertyName("valueSet")] IReadOnlyList<string> ValueSet);

    private sealed record ListTagsForResourceRequest(string? ResourceType, string? ResourceId);
}
