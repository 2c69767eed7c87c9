using System.Text;
using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Domain.People;
using JitAccess.Web.Sessions.DataChannel;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Aws;

/// <summary>Opens each session under credentials of its own; ends sessions under the account's access role, whose credentials outlive them.</summary>
internal sealed class SessionOpener(AwsClients clients, IOptions<AwsOptions> options, TimeProvider clock, ILogger<SessionOpener> log) : ISessionOpener
{
    private const int LongestReason = 256;
    private const int MostSessionsAPage = 200;

    // AWS's minimum; and its maximum where one role assumes another, which is how JitAccess runs on a machine with a role.
    private static readonly TimeSpan ShortestCredentials = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestCredentials = TimeSpan.FromHours(1);

    private string DocumentOf(SessionOrder order) => order.Document?.Name ?? options.Value.SessionDocument;

    public async Task<OpenedSession> StartAsync(SessionOrder order, CancellationToken cancellationToken)
    {
        RoleArn role = clients.AccessRole(order.Place.Account).Role;
        using AmazonSimpleSystemsManagementClient ssm = clients.SsmUnder(await CredentialsForAsync(order, cancellationToken), order.Place.Region);
        cancellationToken.ThrowIfCancellationRequested();

        AwsCall call = new("ssm:StartSession", order.Place, role, order.NodeId.Value);
        StartSessionRequest request = new() { Target = order.NodeId.Value, DocumentName = DocumentOf(order), Reason = FitReason(order.Reason), Parameters = ParametersOf(order) };
        // Once asked, AWS may open the session: giving up halfway would leave one that nobody knows of.
        StartSessionResponse opened = await call.AskAsync(token => ssm.StartSessionAsync(request, token), CancellationToken.None);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new OpenedSession(opened.SessionId, ToAddress(opened.StreamUrl, opened.TokenValue, call, KeysFor(order, opened.SessionId, role)));
        }
        catch
        {
            await EndUnusedAsync(order.Place, opened.SessionId);
            throw;
        }
    }

    public async Task<DataChannelAddress> ResumeAsync(SessionOrder order, string awsSessionId, CancellationToken cancellationToken)
    {
        RoleArn role = clients.AccessRole(order.Place.Account).Role;
        using AmazonSimpleSystemsManagementClient ssm = clients.SsmUnder(await CredentialsForAsync(order, cancellationToken), order.Place.Region);
        AwsCall call = new("ssm:ResumeSession", order.Place, role, $"The session {awsSessionId}");
        ResumeSessionResponse resumed = await call.AskAsync(
            token => ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = awsSessionId }, token), cancellationToken);
        // No token is how AWS says that the session has timed out.
        if (string.IsNullOrEmpty(resumed.TokenValue))
            throw new AwsException(AwsFailure.NotFound, $"The session {awsSessionId} has ended: AWS timed it out. Connect again.");
        return ToAddress(resumed.StreamUrl, resumed.TokenValue, call, KeysFor(order, awsSessionId, role));
    }

    public async Task<IReadOnlySet<string>> LiveAsync(AwsPlace place, CancellationToken cancellationToken)
    {
        AwsCall call = new("ssm:DescribeSessions", place, clients.AccessRole(place.Account).Role);
        HashSet<string> ids = new(StringComparer.Ordinal);
        string? next = null;
        do
        {
            DescribeSessionsRequest request = new() { State = SessionState.Active, MaxResults = MostSessionsAPage, NextToken = next };
            DescribeSessionsResponse page = await call.AskAsync(token => clients.Ssm(place).DescribeSessionsAsync(request, token), cancellationToken);
            ids.UnionWith((page.Sessions ?? []).Select(session => session.SessionId));
            next = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next));
        return ids;
    }

    public async Task TerminateAsync(AwsPlace place, string awsSessionId, CancellationToken cancellationToken)
    {
        AwsCall call = new("ssm:TerminateSession", place, clients.AccessRole(place.Account).Role, $"The session {awsSessionId}");
        await call.AskAsync(async token =>
        {
            try
            {
                await clients.Ssm(place).TerminateSessionAsync(new TerminateSessionRequest { SessionId = awsSessionId }, token);
                return true;
            }
            catch (AmazonSimpleSystemsManagementException gone) when (gone.ErrorCode == "DoesNotExistException")
            {
                // Gone is what was asked for.
                return false;
            }
        }, cancellationToken);
    }

    private Task<AWSCredentials> CredentialsForAsync(SessionOrder order, CancellationToken cancellationToken) => AssumeAsync(
        order, (arns, sessionName) => SessionPolicy.For(arns, order.NodeId, DocumentOf(order), sessionName), cancellationToken);

    private KmsSessionKeys KeysFor(SessionOrder order, string awsSessionId, RoleArn role)
    {
        KmsContext context = new(awsSessionId, order.NodeId.Value);
        return new KmsSessionKeys(
            clients,
            new AwsCall("kms:GenerateDataKey", order.Place, role),
            context,
            (keyId, cancellationToken) => AssumeAsync(order, (arns, _) => SessionPolicy.ForKey(arns, keyId, context), cancellationToken));
    }

    private async Task<AWSCredentials> AssumeAsync(SessionOrder order, Func<AwsArns, string, string> policy, CancellationToken cancellationToken)
    {
        TimeSpan left = order.EndsAt - clock.GetUtcNow();
        if (left <= TimeSpan.Zero) throw new ArgumentException("The grant has ended: no credentials are made for it.", nameof(order));

        (RoleArn role, string? externalId) = clients.AccessRole(order.Place.Account);
        string sessionName = SessionName.Of(order.Person);
        AssumeRoleRequest request = new()
        {
            RoleArn = role.Value,
            RoleSessionName = sessionName,
            ExternalId = externalId,
            DurationSeconds = (int)TimeSpan.FromTicks(Math.Clamp(left.Ticks, ShortestCredentials.Ticks, LongestCredentials.Ticks)).TotalSeconds,
            Policy = policy(new AwsArns(role, order.Place), sessionName),
        };
        AwsCall call = new("sts:AssumeRole", order.Place, role);
        AssumeRoleResponse response = await call.AskAsync(token => clients.Sts.AssumeRoleAsync(request, token), cancellationToken);
        return response.Credentials;
    }

    private async Task EndUnusedAsync(AwsPlace place, string awsSessionId)
    {
        try
        {
            await TerminateAsync(place, awsSessionId, CancellationToken.None);
        }
        catch (AwsException refused)
        {
            log.LogWarning(refused, "Session {AwsSessionId} was opened, never used, and could not be ended; its address is lost, so that AWS ends it when it idles.", awsSessionId);
        }
    }

    private static DataChannelAddress ToAddress(string? streamUrl, string? token, AwsCall call, ISessionKeys keys)
    {
        try
        {
            return new DataChannelAddress(new Uri(streamUrl ?? "", UriKind.Absolute), token ?? "") { Keys = keys };
        }
        catch (Exception unusable) when (unusable is UriFormatException or ArgumentException)
        {
            throw new AwsException(AwsFailure.Unreachable, $"{call.Subject}: AWS answered {call.Action} in {call.Where} without a data channel that could be used. Connect again; if that does not help, an administrator has to check Aws:ServiceUrl.");
        }
    }

    // The SDK leaves out what is null.
    private static Dictionary<string, List<string>>? ParametersOf(SessionOrder order) =>
        order.Document?.Parameters.ToDictionary(parameter => parameter.Key, parameter => new List<string> { parameter.Value });

    // SSM takes one line of 1 to 256 characters, or none.
    private static string? FitReason(string reason)
    {
        StringBuilder line = new();
        foreach (Rune rune in reason.EnumerateRunes())
        {
            Rune fit = Rune.IsControl(rune) ? new Rune(' ') : rune;
            if (line.Length + fit.Utf16SequenceLength > LongestReason) break;
            line.Append(fit.ToString());
        }

        string text = line.ToString().Trim();
        return text.Length > 0 ? text : null;
    }
}
