using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using JitAccess.Web.Live;
using Npgsql;

namespace JitAccess.Web.Data;

/// <summary>
/// The one LISTEN connection of this process. Triggers announce every committed change on the channel <see cref="Channel"/>
/// as <c>topic:id</c>, or <c>topic:id|["person:alice","group:leads"]</c> when it concerns only some. After a lost connection everybody is told that anything may have changed.
/// </summary>
internal sealed class ChangeFeed(NpgsqlDataSource database, LiveChanges changes, TimeProvider time, ILogger<ChangeFeed> logger) : BackgroundService
{
    public const string Channel = "jitaccess_changes";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                logger.LogWarning("The change feed lost its connection to Postgres ({Reason}); trying again.", exception.Message);
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Publish(notification.Payload);
        await using (NpgsqlCommand listen = new($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        foreach (ChangeTopic topic in Enum.GetValues<ChangeTopic>().Where(topic => topic != ChangeTopic.None)) changes.Publish(new Change(topic, ""));
        while (true) await connection.WaitAsync(cancellationToken);
    }

    private void Publish(string payload)
    {
        if (TryRead(payload, out Change? change)) changes.Publish(change);
        else logger.LogWarning("The change feed does not know “{Payload}”.", payload);
    }

    internal static bool TryRead(string payload, [NotNullWhen(true)] out Change? change)
    {
        change = null;
        int colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !Enum.TryParse(payload.AsSpan(0, colon), ignoreCase: true, out ChangeTopic topic)) return false;
        int bar = payload.IndexOf('|', colon);
        try
        {
            change = bar < 0
                ? new Change(topic, payload[(colon + 1)..])
                : new Change(topic, payload[(colon + 1)..bar]) { Audience = JsonSerializer.Deserialize<string[]>(payload.AsSpan(bar + 1)) };
            return true;
        }
        catch (JsonException)
        {
            // Anybody who may use the database may notify; what they say ends neither the feed nor the application.
            return false;
        }
    }
}
