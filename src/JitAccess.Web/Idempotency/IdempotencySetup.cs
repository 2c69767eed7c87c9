using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Idempotency;

/// <summary>Calls that may be repeated without doing twice what they do.</summary>
public static class IdempotencySetup
{
    public static void AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IdempotencyService>();
        builder.Services.AddHostedService<IdempotencyClock>();
    }
}

/// <summary>Takes answers away that are repeated no more.</summary>
internal sealed class IdempotencyClock(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<IdempotencyClock> logger) : DueWork(time, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private DateTimeOffset _next;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
        if (now < _next) return false;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset over = now - IdempotentAnswer.Lifetime;
        await database.IdempotentAnswers.Where(answer => answer.ClaimedAt < over).ExecuteDeleteAsync(cancellationToken);
        _next = now + Pause;
        return false;
    }
}
