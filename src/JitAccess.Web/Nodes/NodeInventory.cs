using System.Threading.Channels;
using JitAccess.Domain.Nodes;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JitAccess.Web.Nodes;

/// <summary>Reads the nodes of every configured account and Region, every few minutes and on demand. One place's failure leaves its nodes as they were and is shown.</summary>
public sealed class NodeInventory(INodeReader reader, IDbContextFactory<JitAccessDbContext> contexts, IOptions<AwsOptions> options, TimeProvider time, ILogger<NodeInventory> logger) : BackgroundService
{
    private readonly Channel<TaskCompletionSource> _asked = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>Reads all nodes now and returns when they are stored. Several who ask at once share one reading.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _asked.Writer.WriteAsync(done, cancellationToken);
        await done.Task.WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            List<TaskCompletionSource> asked = [];
            while (_asked.Reader.TryRead(out TaskCompletionSource? one)) asked.Add(one);
            try
            {
                await Task.WhenAll(options.Value.Places.Select(place => RefreshAsync(place, stoppingToken)));
                asked.ForEach(one => one.TrySetResult());
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "The nodes could not be refreshed.");
                asked.ForEach(one => one.TrySetException(exception));
            }
            using CancellationTokenSource nap = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            Task<bool> wakeUp = _asked.Reader.WaitToReadAsync(nap.Token).AsTask();
            await Task.WhenAny(wakeUp, Task.Delay(options.Value.RefreshInterval, time, nap.Token));
            await nap.CancelAsync();
        }
    }

    private async Task RefreshAsync(AwsPlace place, CancellationToken cancellationToken)
    {
        string name = options.Value.Accounts.Single(account => account.Id == place.Account.Value).Name;
        IReadOnlyList<Node>? nodes = null;
        string? error = null;
        try
        {
            nodes = await reader.ReadAsync(place, cancellationToken);
        }
        catch (AwsException exception)
        {
            logger.LogWarning("The nodes of {Account} in {Region} could not be read: {Reason}", place.Account, place.Region, exception.Message);
            error = exception.Message;
        }
        try
        {
            await StoreAsync(place, name, nodes, error, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or DbUpdateException or InvalidOperationException { InnerException: NpgsqlException })
        {
            logger.LogWarning("The nodes of {Account} in {Region} could not be stored: {Reason}", place.Account, place.Region, exception.Message);
        }
    }

    private async Task StoreAsync(AwsPlace place, string accountName, IReadOnlyList<Node>? nodes, string? error, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Replicas that refresh the same place at once take turns.
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({"nodes " + place.Account + place.Region}, 0))", cancellationToken);
        NodeSource? source = await database.NodeSources.SingleOrDefaultAsync(entity => entity.Account == place.Account && entity.Region == place.Region, cancellationToken);
        if (source is null) database.NodeSources.Add(source = new NodeSource { Account = place.Account, Region = place.Region });
        DateTimeOffset now = time.GetUtcNow();
        (source.AccountName, source.TriedAt, source.Error) = (accountName, now, error);
        if (nodes is not null)
        {
            (source.RefreshedAt, source.NodeCount) = (now, nodes.Count);
            Dictionary<InstanceId, Node> stored = await database.Nodes.Where(node => node.Account == place.Account && node.Region == place.Region).ToDictionaryAsync(node => node.Id, cancellationToken);
            foreach (Node node in nodes)
            {
                if (stored.Remove(node.Id, out Node? old)) database.Entry(old).CurrentValues.SetValues(node);
                else database.Nodes.Add(node);
            }
            database.Nodes.RemoveRange(stored.Values);
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
