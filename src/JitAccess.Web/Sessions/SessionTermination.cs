using System.Collections.Concurrent;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Live;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>Tells AWS to end what ended here, and goes on telling until AWS confirms. The longest overdue come first.</summary>
internal sealed class SessionTermination(IDbContextFactory<JitAccessDbContext> contexts, ISessionOpener aws, LiveChanges changes, TimeProvider time, ILogger<SessionTermination> logger) : DueWork(time, logger)
{
    // Each is a call of its own, and all of a batch are under way together.
    private const int AtOnce = 2 * BatchSize;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // How often AWS did not confirm, and when to try again. Lost with the process, which then simply tries at once.
    private readonly ConcurrentDictionary<Guid, (int Tries, DateTimeOffset NotBefore)> _failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What ends a session, on whichever replica, is terminated at once and not with the next second.
        using IDisposable subscription = changes.Subscribe(ChangeTopic.Sessions, _ => { Wake(); return Task.CompletedTask; });
        await base.ExecuteAsync(stoppingToken);
    }

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        Guid[] waiting = [.. _failed.Where(one => one.Value.NotBefore > now).Select(one => one.Key)];
        List<Session> due = await database.Sessions.FromSql(
            $"""
            select *, xmin from sessions
            where ended_at is not null and termination_confirmed_at is null and not id = any({waiting})
            order by ended_at limit {AtOnce} for update skip locked
            """).ToListAsync(cancellationToken);
        if (due.Count == 0) return false;
        Guid[] grants = [.. due.Select(session => session.GrantId)];
        Dictionary<Guid, AwsPlace> places = await (
            from grant in database.Grants.AsNoTracking()
            join request in database.Requests.AsNoTracking().IgnoreAutoIncludes() on grant.RequestId equals request.Id
            where grants.Contains(grant.Id)
            select new { grant.Id, request.Account, request.Region })
            .ToDictionaryAsync(found => found.Id, found => new AwsPlace(found.Account, found.Region), cancellationToken);
        bool[] confirmed = await Task.WhenAll(due.Select(session => TerminateAsync(session, places[session.GrantId], cancellationToken)));
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count == AtOnce && confirmed.Any(one => one);
    }

    private async Task<bool> TerminateAsync(Session session, AwsPlace place, CancellationToken cancellationToken)
    {
        try
        {
            await aws.TerminateAsync(place, session.AwsSessionId!, cancellationToken);
            session.TerminationConfirmed(Time.GetUtcNow());
            _failed.TryRemove(session.Id, out _);
            return true;
        }
        catch (AwsException exception)
        {
            int tries = _failed.GetValueOrDefault(session.Id).Tries + 1;
            TimeSpan pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, tries)));
            _failed[session.Id] = (tries, Time.GetUtcNow() + pause);
            logger.LogWarning("AWS has not confirmed the end of session {Session} ({Reason}); trying again in {Pause}.", session.Id, exception.Message, pause);
            return false;
        }
    }
}
