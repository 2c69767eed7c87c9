using System.Collections.Concurrent;

namespace JitAccess.Web.Live;

/// <summary>Tells open pages and services in this process what was committed, by whichever process.</summary>
public sealed class LiveChanges(ILogger<LiveChanges> logger)
{
    // A commit may wake hundreds of pages. More of them at once would only wait for each other in Postgres, and whoever presses a button behind them all.
    private static readonly SemaphoreSlim Readers = new(8 * Environment.ProcessorCount);

    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = [];

    /// <summary>Calls back for every later change of the topics until disposed. Register first, read second. Callbacks must be quick or leave the thread.</summary>
    public IDisposable Subscribe(ChangeTopic topics, Func<Change, Task> callback)
    {
        Subscription subscription = new(this, topics, callback);
        _subscriptions[subscription] = 0;
        return subscription;
    }

    /// <summary>Reads again after a change, when it is this reader's turn.</summary>
    /// <exception cref="OperationCanceledException">The reader went away meanwhile.</exception>
    public async Task ReadAgainAsync(Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        await Readers.WaitAsync(cancellationToken);
        try
        {
            await read(cancellationToken);
        }
        finally
        {
            Readers.Release();
        }
    }

    /// <summary>Tells everybody who asked for the change's topic. One subscriber's failure is logged and disturbs no other.</summary>
    internal void Publish(Change change)
    {
        foreach ((Subscription subscription, _) in _subscriptions)
        {
            if (subscription.Topics.HasFlag(change.Topic)) _ = TellAsync(subscription, change);
        }
    }

    private async Task TellAsync(Subscription subscription, Change change)
    {
        try
        {
            await subscription.Callback(change);
        }
        catch (ObjectDisposedException)
        {
            // The page went away between the change and the call.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A subscriber failed on a change of {Topic}.", change.Topic);
        }
    }

    private sealed class Subscription(LiveChanges owner, ChangeTopic topics, Func<Change, Task> callback) : IDisposable
    {
        public ChangeTopic Topics => topics;

        public Func<Change, Task> Callback => callback;

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}
