using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JitAccess.Web.Data;

/// <summary>Work that the clock makes due. What is due comes from state in Postgres, claimed with <c>FOR UPDATE SKIP LOCKED</c>: any replica may do it, and doing it twice is safe.</summary>
internal abstract class DueWork(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>How many rows are claimed at once.</summary>
    protected const int BatchSize = 50;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected TimeProvider Time => time;

    /// <summary>Something may be due: no need to wait for the next second.</summary>
    protected void Wake() => _wanted.Writer.TryWrite(true);

    /// <summary>Whether the database could not be reached or somebody else changed the same row: nothing is lost, the work stays due.</summary>
    internal static bool IsOutage(Exception exception) =>
        exception is NpgsqlException or DbUpdateException or InvalidOperationException { InnerException: NpgsqlException } or TimeoutException;

    /// <summary>Does one batch of what is due now.</summary>
    /// <returns>True if more may be due.</returns>
    protected internal abstract Task<bool> DoDueAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        Task<bool>? tick = null, wanted = null;
        do
        {
            try
            {
                while (await DoDueAsync(stoppingToken))
                {
                }
            }
            catch (Exception exception) when (IsOutage(exception))
            {
                logger.LogWarning("{Work} could not be done now ({Reason}); it stays due.", GetType().Name, exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A defect in one kind of work must not stop the application, and with it all other ends.
                logger.LogError(exception, "{Work} failed; it stays due.", GetType().Name);
            }
        }
        while (await NextAsync());

        async Task<bool> NextAsync()
        {
            tick ??= timer.WaitForNextTickAsync(stoppingToken).AsTask();
            wanted ??= _wanted.Reader.ReadAsync(stoppingToken).AsTask();
            if (await Task.WhenAny(tick, wanted) != tick)
            {
                await wanted;
                wanted = null;
                return true;
            }
            bool goesOn = await tick;
            tick = null;
            return goesOn;
        }
    }
}
