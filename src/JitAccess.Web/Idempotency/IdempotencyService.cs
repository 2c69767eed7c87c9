using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Idempotency;

/// <summary>What a call under a key is to do.</summary>
public enum IdempotencyState
{
    /// <summary>It is the first: it acts, and its answer is kept.</summary>
    First,

    /// <summary>It was answered before: the same is said again.</summary>
    Answered,

    /// <summary>The first has not been answered yet.</summary>
    UnderWay,

    /// <summary>The key was used for something else.</summary>
    OtherBody,
}

/// <summary>What a call under a key is to do, with the row that says so.</summary>
public sealed record IdempotencyClaim(IdempotencyState State, IdempotentAnswer Row);

/// <summary>Keeps the answers of calls that may be repeated.</summary>
public sealed class IdempotencyService(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    /// <summary>The longest key, in characters.</summary>
    public const int LongestKey = 255;

    // A call that has not been answered for so long was lost with its process.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    /// <summary>Claims the key for this call, or says what became of the call that has it.</summary>
    public async Task<IdempotencyClaim> ClaimAsync(Actor actor, string key, Digest fingerprint, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            IdempotentAnswer? known = await database.IdempotentAnswers.AsNoTracking().SingleOrDefaultAsync(answer => answer.Subject == actor.Subject && answer.Key == key, cancellationToken);
            if (known is not null && (now - known.ClaimedAt >= IdempotentAnswer.Lifetime || (known.Status is null && now - known.ClaimedAt >= LongestCall)))
            {
                await DeleteAsync(database, known, cancellationToken);
                known = null;
            }
            if (known is not null)
            {
                IdempotencyState state = known.Fingerprint != fingerprint ? IdempotencyState.OtherBody : known.Status is null ? IdempotencyState.UnderWay : IdempotencyState.Answered;
                return new IdempotencyClaim(state, known);
            }
            IdempotentAnswer mine = new() { Subject = actor.Subject, Key = key, Fingerprint = fingerprint, ClaimedAt = now };
            database.IdempotentAnswers.Add(mine);
            try
            {
                await database.SaveChangesAsync(cancellationToken);
                return new IdempotencyClaim(IdempotencyState.First, mine);
            }
            catch (Exception exception) when (exception.IsCollision())
            {
                // Another call with the key was first by a hair; what it does is read now.
            }
        }
    }

    /// <summary>Keeps the answer. Once given, it must not be lost because the caller has gone.</summary>
    public async Task KeepAsync(IdempotentAnswer claimed, int status, string? contentType, string? location, string? eTag, string body)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(CancellationToken.None);
        await Same(database, claimed).ExecuteUpdateAsync(set => set.SetProperty(answer => answer.Status, status).SetProperty(answer => answer.ContentType, contentType)
            .SetProperty(answer => answer.Location, location).SetProperty(answer => answer.ETag, eTag).SetProperty(answer => answer.Body, body), CancellationToken.None);
    }

    /// <summary>Gives the key back: the call failed, and may be tried again under it.</summary>
    public async Task GiveBackAsync(IdempotentAnswer claimed)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(CancellationToken.None);
        await DeleteAsync(database, claimed, CancellationToken.None);
    }

    private static Task<int> DeleteAsync(JitAccessDbContext database, IdempotentAnswer claimed, CancellationToken cancellationToken) => Same(database, claimed).ExecuteDeleteAsync(cancellationToken);

    // The claim's time tells it from a later call's claim of the same key.
    private static IQueryable<IdempotentAnswer> Same(JitAccessDbContext database, IdempotentAnswer claimed) =>
        database.IdempotentAnswers.Where(answer => answer.Subject == claimed.Subject && answer.Key == claimed.Key && answer.ClaimedAt == claimed.ClaimedAt);
}
