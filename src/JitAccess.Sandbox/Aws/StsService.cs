using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JitAccess.Sandbox.Aws;

/// <summary>Security Token Service, query protocol of 2011-06-15.</summary>
internal sealed partial class StsService(IEnumerable<EmulatedRole> roles, CredentialStore credentials) : AwsService
{
    private static readonly XNamespace Xmlns = "https://sts.amazonaws.com/doc/2011-06-15/";

    private readonly Dictionary<string, EmulatedRole> roles = roles.ToDictionary(role => role.Arn);

    public override string Name => "sts";

    public override (string Operation, IReadOnlyDictionary<string, string> Parameters) Describe(string? target, ReadOnlyMemory<byte> body)
    {
        QueryParameters parameters = QueryParameters.Parse(body);
        return (parameters.Required("Action"), parameters.All);
    }

    public override AwsReply Answer(AwsRequest request)
    {
        XElement result = request.Operation switch
        {
            "AssumeRole" => AssumeRole(request.Caller, QueryParameters.Parse(request.Body)),
            "GetCallerIdentity" => new XElement(
                Xmlns + "GetCallerIdentityResult",
                new XElement(Xmlns + "Arn", request.Caller.Arn),
                new XElement(Xmlns + "UserId", request.Caller.UserId),
                new XElement(Xmlns + "Account", request.Caller.AccountId)),
            _ => throw new AwsError("InvalidAction", $"Could not find operation {request.Operation} for version 2011-06-15"),
        };
        return AwsReply.Xml(new XElement(Xmlns + $"{request.Operation}Response", result, Metadata(Guid.NewGuid().ToString())));
    }

    public override AwsError Word(SignatureProblem problem) => problem switch
    {
        SignatureProblem.Missing => new("MissingAuthenticationToken", "Request is missing Authentication Token", HttpStatusCode.Forbidden),
        SignatureProblem.Incomplete => new("IncompleteSignature", "Request must contain a complete AWS4-HMAC-SHA256 signature"),
        SignatureProblem.UnknownKey => new("InvalidClientTokenId", "The security token included in the request is invalid.", HttpStatusCode.Forbidden),
        SignatureProblem.Mismatch => new(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
            HttpStatusCode.Forbidden),
        SignatureProblem.ClockSkew => new(
            "SignatureDoesNotMatch", "Signature expired or not yet current: it may differ from the server's time by 5 min.", HttpStatusCode.Forbidden),
        SignatureProblem.Expired => new("ExpiredToken", "The security token included in the request is expired", HttpStatusCode.Forbidden),
    };

    public override AwsReply Refuse(AwsError error, string requestId) => AwsReply.Xml(
        new XElement(
            Xmlns + "ErrorResponse",
            new XElement(
                Xmlns + "Error",
                new XElement(Xmlns + "Type", (int)error.Status < 500 ? "Sender" : "Receiver"),
                new XElement(Xmlns + "Code", error.Code),
                new XElement(Xmlns + "Message", error.Message)),
            new XElement(Xmlns + "RequestId", requestId)),
        error.Status);

    private XElement AssumeRole(AwsCaller caller, QueryParameters parameters)
    {
        string roleArn = parameters.Required("RoleArn");
        string sessionName = parameters.Required("RoleSessionName");
        int seconds = parameters.Number("DurationSeconds") ?? 3600;
        string? policy = parameters["Policy"];
        if (sessionName.Length is < 2 or > 64)
            throw Invalid(sessionName, "roleSessionName", "Member must have length between 2 and 64");
        if (!SessionNamePattern.IsMatch(sessionName))
            throw Invalid(sessionName, "roleSessionName", @"Member must satisfy regular expression pattern: [\w+=,.@-]*");
        if (seconds is < 900 or > 43200)
            throw Invalid(seconds.ToString(CultureInfo.InvariantCulture), "durationSeconds", "Member must have value between 900 and 43200");
        if (policy is { Length: > 2048 })
            throw new AwsError("PackedPolicyTooLarge", "Serialized token too large for session");

        if (!roles.TryGetValue(roleArn, out EmulatedRole? role)
            || !IsTrusted(caller, role)
            || !caller.May("sts:AssumeRole", roleArn)
            || (role.ExternalId is not null && parameters["ExternalId"] != role.ExternalId))
            throw new AwsError(
                "AccessDenied",
                $"User: {caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {roleArn}",
                HttpStatusCode.Forbidden);
        if (caller.RoleArn is not null && seconds > 3600)
            throw new AwsError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        if (seconds > role.MaxSessionSeconds)
            throw new AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");

        IssuedCredentials minted = credentials.Mint(
            role, sessionName, policy is null ? null : AccessPolicy.Parse(policy), TimeSpan.FromSeconds(seconds));
        return new XElement(
            Xmlns + "AssumeRoleResult",
            new XElement(
                Xmlns + "AssumedRoleUser",
                new XElement(Xmlns + "AssumedRoleId", minted.Caller.UserId),
                new XElement(Xmlns + "Arn", minted.Caller.Arn)),
            new XElement(
                Xmlns + "Credentials",
                new XElement(Xmlns + "AccessKeyId", minted.Caller.AccessKeyId),
                new XElement(Xmlns + "SecretAccessKey", minted.SecretAccessKey),
                new XElement(Xmlns + "SessionToken", minted.SessionToken),
                new XElement(Xmlns + "Expiration", minted.ExpiresAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
            new XElement(Xmlns + "PackedPolicySize", policy is null ? 0 : 1 + (policy.Length * 100 / 2048)));
    }

    private static bool IsTrusted(AwsCaller caller, EmulatedRole role) => role.TrustedPrincipals.Any(
        trusted => trusted == caller.Arn || trusted == caller.RoleArn || trusted == $"arn:aws:iam::{caller.AccountId}:root");

    private static XElement Metadata(string requestId) =>
        new(Xmlns + "ResponseMetadata", new XElement(Xmlns + "RequestId", requestId));

    private static AwsError Invalid(string value, string member, string constraint) => new(
        "ValidationError", $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");

    [GeneratedRegex(@"^[\w+=,.@-]*\z", RegexOptions.ECMAScript)]
    private static partial Regex SessionNamePattern { get; }
}
