using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tokens;

/// <summary>Takes away what is over: nothing hangs on it but room.</summary>
internal sealed class TokenClock(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<TokenClock> logger) : DueWork(time, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeepFamiliesFor = TimeSpan.FromDays(90);

    private DateTimeOffset _next;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
        if (now < _next) return false;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset hourAgo = now.AddHours(-1);
        await database.DeviceLogins.Where(login => login.ExpiresAt < hourAgo).ExecuteDeleteAsync(cancellationToken);
        await database.DeviceAttempts.Where(attempts => attempts.Since < hourAgo).ExecuteDeleteAsync(cancellationToken);
        // A refresh token that was used lasts as long as its family: its copy must be found out until then.
        await database.Tokens.Where(token => token.ExpiresAt < hourAgo).ExecuteDeleteAsync(cancellationToken);
        DateTimeOffset forgotten = now - KeepFamiliesFor;
        await database.TokenFamilies.Where(family => family.ExpiresAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        _next = now + Pause;
        return false;
    }
}
