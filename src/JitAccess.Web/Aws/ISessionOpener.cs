using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Aws;

/// <summary>Opens and ends sessions in AWS, each with credentials for just that node and no longer than the grant.</summary>
public interface ISessionOpener
{
    /// <summary>Opens a shell on the node, or what the order names: STS <c>AssumeRole</c>, then SSM <c>StartSession</c>.</summary>
    /// <exception cref="AwsException">AWS did not answer, or refused; nothing is left open.</exception>
    Task<OpenedSession> StartAsync(SessionOrder order, CancellationToken cancellationToken);

    /// <summary>A fresh address for a session whose data channel was cut: SSM <c>ResumeSession</c>.</summary>
    /// <exception cref="AwsException">AWS did not answer, or the session is gone.</exception>
    Task<DataChannelAddress> ResumeAsync(SessionOrder order, string awsSessionId, CancellationToken cancellationToken);

    /// <summary>The ids of all sessions that live at AWS in a place, whoever opened them: SSM <c>DescribeSessions</c>.</summary>
    /// <exception cref="AwsException">AWS did not answer, or refused.</exception>
    Task<IReadOnlySet<string>> LiveAsync(AwsPlace place, CancellationToken cancellationToken);

    /// <summary>Ends a session: SSM <c>TerminateSession</c>. Returns only when AWS confirmed, also when the session was gone before.</summary>
    /// <exception cref="AwsException">AWS did not confirm; try again.</exception>
    Task TerminateAsync(AwsPlace place, string awsSessionId, CancellationToken cancellationToken);
}

/// <summary>For whom, where and until when a session is opened.</summary>
/// <param name="Person">The person's subject; becomes the STS session name, made fit for its grammar.</param>
/// <param name="Place">The node's account and Region.</param>
/// <param name="NodeId">The node.</param>
/// <param name="Reason">Why, for AWS's own records: at most 256 characters.</param>
/// <param name="EndsAt">When the grant ends; the credentials end then too, or after AWS's minimum of 15 minutes.</param>
/// <param name="Document">What kind of session; null for a shell, with the document of the configuration.</param>
public sealed record SessionOrder(
    string Person, AwsPlace Place, Domain.Nodes.InstanceId NodeId, string Reason, DateTimeOffset EndsAt, SessionDocument? Document = null);

/// <summary>A session that AWS opened.</summary>
/// <param name="AwsSessionId">AWS's id of it.</param>
/// <param name="Address">Where its data channel is, with the token that opens it once.</param>
public sealed record OpenedSession(string AwsSessionId, DataChannelAddress Address);
