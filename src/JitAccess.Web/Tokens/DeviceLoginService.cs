using System.Collections.Immutable;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tokens;

/// <summary>What a program is told that asks to act for a person.</summary>
/// <param name="DeviceCode">What it fetches its tokens with; secret.</param>
/// <param name="UserCode">What the person types.</param>
public sealed record StartedDeviceLogin(string DeviceCode, string UserCode)
{
    public override string ToString() => nameof(StartedDeviceLogin);
}

/// <summary>A program asks to act for a person; the person answers.</summary>
public sealed class DeviceLoginService(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    /// <summary>How many codes a person may try within <see cref="AttemptsWithin"/>, the right ones included: nobody finds a code by trying.</summary>
    public const int MaximumAttempts = 10;

    public static readonly TimeSpan AttemptsWithin = TimeSpan.FromMinutes(15);

    private const int MaximumTries = 5;

    /// <summary>Begins a login that nobody has answered yet.</summary>
    public async Task<StartedDeviceLogin> StartAsync(string clientId, string deviceName, ImmutableSortedSet<string> scopes, string? address, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            StartedDeviceLogin started = new(TokenSecret.New(TokenSecret.Device), TokenSecret.NewUserCode());
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            database.DeviceLogins.Add(new DeviceLogin
            {
                Id = Guid.CreateVersion7(now),
                CodeHash = TokenSecret.HashOf(TokenSecret.Device, started.DeviceCode)!.Value,
                UserCode = started.UserCode,
                ClientId = clientId,
                DeviceName = deviceName,
                Scopes = scopes,
                Address = address,
                AskedAt = now,
                ExpiresAt = now + DeviceLogin.Lifetime,
            });
            try
            {
                await database.SaveChangesAsync(cancellationToken);
                return started;
            }
            catch (Exception exception) when (exception.IsCollision() && tries < MaximumTries)
            {
                // Somebody else has this user code now.
            }
        }
    }

    /// <summary>The login that a code names, for the person who typed it.</summary>
    /// <exception cref="RefusedException">There is no such login, it cannot be answered any more, the person acts under no role, or they have tried too many codes.</exception>
    public async Task<DeviceLogin> FindAsync(Actor actor, string? userCode, CancellationToken cancellationToken)
    {
        string code = TokenSecret.UserCodeOf(userCode) ?? throw new RefusedException(RefusalKind.Invalid, "A code has eight letters, as in BCDF-GHJK. Type it as the device shows it.");
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        if (await CountAttemptAsync(database, actor, now, cancellationToken) > MaximumAttempts)
            throw new RefusedException(RefusalKind.Conflict, $"You have tried too many codes. Wait {AttemptsWithin.TotalMinutes:0} minutes, then start the sign-in on the device again.");
        DeviceLogin login = await database.DeviceLogins.AsNoTracking().SingleOrDefaultAsync(entity => entity.UserCode == code, cancellationToken)
            ?? throw new RefusedException(RefusalKind.NotFound, "No device waits with this code. Compare it with what the device shows; a code is good for 10 minutes.");
        login.CanBeAnswered(actor, now).ThrowIfRefused();
        return login;
    }

    /// <summary>Lets the device act for the actor, under the role that they act under now.</summary>
    /// <exception cref="RefusedException">See <see cref="DeviceLogin.CanBeAnswered"/>.</exception>
    public Task ConfirmAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        // What is confirmed becomes a token, and the audit tells of that.
        AnswerAsync(id, (_, login, now) => login.Confirm(actor, now), cancellationToken);

    /// <summary>Sends the device away.</summary>
    /// <exception cref="RefusedException">See <see cref="DeviceLogin.CanBeAnswered"/>.</exception>
    public Task RefuseAsync(Actor actor, Guid id, CancellationToken cancellationToken) => AnswerAsync(id, (database, login, now) =>
    {
        login.Refuse(actor, now);
        database.Record(new AuditEntry(actor, AuditAction.TokenRefused, login.Id.ToString(), $"{login.Client}{From(login.Address)} asked to act for {actor.Person.DisplayName}, who refused.", now));
    }, cancellationToken);

    internal static string From(string? address) => address is null ? "" : $", at {address},";

    private async Task AnswerAsync(Guid id, Action<JitAccessDbContext, DeviceLogin, DateTimeOffset> answer, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
            DeviceLogin login = await database.DeviceLogins.SingleOrDefaultAsync(entity => entity.Id == id, cancellationToken) ?? throw RefusedException.NotFound("sign-in");
            answer(database, login, time.GetUtcNow());
            try
            {
                await database.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException) when (tries < MaximumTries)
            {
                // The device asked, or somebody else answered, at the same instant; judged anew on what is there now.
            }
        }
    }

    // Counted before the code is looked at, in one statement: trying many at once helps nobody.
    private static async Task<int> CountAttemptAsync(JitAccessDbContext database, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset forgotten = now - AttemptsWithin;
        List<int> count = await database.Database.SqlQuery<int>($"""
            insert into device_attempts as earlier (subject, since, count) values ({actor.Subject}, {now}, 1)
            on conflict (subject) do update set
                count = case when earlier.since < {forgotten} then 1 else earlier.count + 1 end,
                since = case when earlier.since < {forgotten} then {now} else earlier.since end
            returning count
            """).ToListAsync(cancellationToken);
        return count[0];
    }
}

/// <summary>How many codes a person has tried since when.</summary>
internal sealed class DeviceAttempts
{
    public required string Subject { get; init; }

    public DateTimeOffset Since { get; init; }

    public int Count { get; init; }
}
