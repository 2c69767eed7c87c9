using System.Collections.Concurrent;
using JitAccess.Web.Aws;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Data;

/// <summary>AWS as far as sessions are concerned: starts what is asked for, fails when told to, remembers what it was asked to end.</summary>
internal sealed class FakeSessionOpener : ISessionOpener
{
    private int _started;

    /// <summary>What happens instead of a start; null for success.</summary>
    public Func<SessionOrder, Task>? BeforeStart { get; set; }

    /// <summary>Thrown for every termination; null for success.</summary>
    public AwsException? TerminationFailure { get; set; }

    /// <summary>Where the node of every session answers; null for nowhere: then no channel outlives a few seconds of the clock.</summary>
    public DataChannelAddress? Channel { get; set; }

    public ConcurrentQueue<SessionOrder> Started { get; } = [];

    public ConcurrentQueue<(AwsPlace Place, string AwsSessionId)> Terminations { get; } = [];

    public async Task<OpenedSession> StartAsync(SessionOrder order, CancellationToken cancellationToken)
    {
        if (BeforeStart is { } before) await before(order);
        Started.Enqueue(order);
        return new OpenedSession($"{order.Person}-{Interlocked.Increment(ref _started)}", Channel ?? NobodyListens);
    }

    public Task<DataChannelAddress> ResumeAsync(SessionOrder order, string awsSessionId, CancellationToken cancellationToken) => Task.FromResult(Channel ?? NobodyListens);

    /// <summary>What AWS says lives, whatever the place.</summary>
    public HashSet<string> Live { get; } = [];

    public Task<IReadOnlySet<string>> LiveAsync(AwsPlace place, CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<string>>(Live);

    public Task TerminateAsync(AwsPlace place, string awsSessionId, CancellationToken cancellationToken)
    {
        Terminations.Enqueue((place, awsSessionId));
        return TerminationFailure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
    }

    // The discard port: the data channel goes on trying, which is all that these sessions are to do.
    private static DataChannelAddress NobodyListens => new(new Uri("ws://127.0.0.1:9/"), "token");
}
