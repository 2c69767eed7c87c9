using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JitAccess.Web.Data;

/// <summary>Work that the clock makes due. What is due comes from state in Postgres, claimed with <c>FOR UPDATE SKIP LOCKED</c>: any replica may do it, and doing it twice is safe.</summary>
internal abstract class DueWork(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>How many rows are claimed at once.</summary>
    protected const int BatchSize = 50;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected TimeProvider Time => time;

    /// <summary>Does one batch of what is due now.</summary>
    /// <returns>True if more may be due.</returns>
    protected abstract Task<bool> DoDueAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            try
            {
                while (await DoDueAsync(stoppingToken))
                {
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or DbUpdateException or InvalidOperationException { InnerException: NpgsqlException } or TimeoutException)
            {
                logger.LogWarning("{Work} could not be done now ({Reason}); it stays due.", GetType().Name, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
