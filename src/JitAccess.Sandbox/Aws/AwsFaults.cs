using System.Net;

namespace JitAccess.Sandbox.Aws;

/// <summary>Makes the emulator answer badly, on demand.</summary>
public sealed class AwsFaults
{
    private readonly Lock gate = new();
    private readonly List<PlannedFault> planned = [];
    private readonly NodeSessions sessions;
    private readonly CredentialStore credentials;

    internal AwsFaults(NodeSessions sessions, CredentialStore credentials)
    {
        this.sessions = sessions;
        this.credentials = credentials;
    }

    /// <summary>
    /// The next <paramref name="count"/> well-signed requests for the operation are refused, for example
    /// <c>("StartSession", "ThrottlingException")</c>. AWS SDKs repeat what was throttled: count their attempts.
    /// </summary>
    public void FailNext(string operation, string errorCode, int count = 1, string? message = null)
    {
        lock (gate)
            planned.Add(new PlannedFault(operation, errorCode, message) { Left = count });
    }

    /// <summary>Forgets the failures that are still planned; data channels work again.</summary>
    public void Clear()
    {
        lock (gate)
            planned.Clear();
        DataChannels = null;
    }

    /// <summary>What goes wrong on all data channels from now on; null for nothing.</summary>
    public ChannelFaults? DataChannels
    {
        get => Weather.Faults;
        set => Weather.Faults = value;
    }

    /// <summary>Cuts the client's socket of a session without a word; the node's side lives on.</summary>
    public void CutDataChannel(string sessionId) => sessions.Find(sessionId)?.CutClient();

    /// <summary>Voids the token of a session that was not used yet: whoever comes with it is turned away.</summary>
    public void ExpireToken(string sessionId) => sessions.Find(sessionId)?.VoidToken();

    /// <summary>Lets temporary credentials expire at once.</summary>
    public void ExpireCredentials(string accessKeyId) => credentials.Expire(accessKeyId);

    internal ChannelWeather Weather { get; } = new();

    internal void ThrowIfPlanned(string service, string operation)
    {
        PlannedFault? fault;
        lock (gate)
        {
            fault = planned.Find(candidate => candidate.Operation == operation);
            if (fault is not null && --fault.Left <= 0)
                planned.Remove(fault);
        }

        if (fault is not null)
            throw new AwsError(fault.ErrorCode, fault.Message ?? Wording(fault.ErrorCode), Status(service, fault.ErrorCode));
    }

    private static string Wording(string errorCode) => errorCode switch
    {
        "Throttling" or "ThrottlingException" => "Rate exceeded",
        "RequestLimitExceeded" => "Request limit exceeded.",
        "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" => "You are not authorized to perform this operation.",
        "TargetNotConnected" => "The target is not connected.",
        _ => "The emulator was told to fail.",
    };

    private static HttpStatusCode Status(string service, string errorCode) => errorCode switch
    {
        "InternalServerError" or "InternalFailure" => HttpStatusCode.InternalServerError,
        "RequestLimitExceeded" or "ServiceUnavailable" => HttpStatusCode.ServiceUnavailable,
        "AccessDenied" or "UnauthorizedOperation" when service != "ssm" => HttpStatusCode.Forbidden,
        _ => HttpStatusCode.BadRequest,
    };

    private sealed record PlannedFault(string Operation, string ErrorCode, string? Message)
    {
        public int Left { get; set; }
    }
}
