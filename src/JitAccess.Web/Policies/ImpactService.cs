using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>Says what a change of the policies does, before it is published. Runs beside the pages, one analysis at a time; whoever asks for the same change shares it.</summary>
public sealed class ImpactService(ImpactQueries queries, CedarEngine engine, TimeProvider time, ILogger<ImpactService> logger) : IDisposable
{
    /// <summary>How far back requests are replayed.</summary>
    public static readonly TimeSpan ReplayedTime = TimeSpan.FromDays(90);

    /// <summary>How long an analysis is shown again instead of made anew: people and nodes change meanwhile.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>A report holds all people and nodes, so only a few are kept.</summary>
    private const int Kept = 3;

    private readonly Lock _lock = new();
    private readonly List<ImpactRun> _runs = [];
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The analysis of a change: the one that somebody has asked for already, or a new one that begins in the background.</summary>
    /// <param name="actor">Who wants to know.</param>
    /// <param name="before">The version in force.</param>
    /// <param name="after">What it would be.</param>
    /// <param name="anew">True to begin again although there is one.</param>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor.</exception>
    public ImpactRun Analyse(Actor actor, PolicySetVersion before, PolicySet after, bool anew = false)
    {
        CanRead(actor).ThrowIfRefused();
        string key = $"{before.Number}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(StoredPolicies.Write(after))))}";
        DateTimeOffset now = time.GetUtcNow();
        ImpactRun run;
        lock (_lock)
        {
            ImpactRun? known = _runs.Find(one => one.Key == key);
            if (known is not null && !anew && (!known.IsOver || (known.State != ImpactRunState.Failed && now - known.StartedAt < GoodFor))) return known;
            if (known is { IsOver: false }) return known;
            run = new ImpactRun(before, after, key, now, _stopping.Token);
            if (known is not null) Forget(known);
            _runs.Add(run);
            while (_runs.Count > Kept && _runs.Find(one => one.IsOver) is { } oldest) Forget(oldest);
        }
        _ = Task.Run(() => ExecuteAsync(run), CancellationToken.None);
        return run;
    }

    /// <summary>An analysis that was made here; null if it is not kept any more.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor.</exception>
    public ImpactRun? Find(Actor actor, Guid id)
    {
        CanRead(actor).ThrowIfRefused();
        lock (_lock) return _runs.Find(run => run.Id == id);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _oneAtATime.Dispose();
    }

    private static Ruling CanRead(Actor actor) => actor.MayReadEverything
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Forbidden, "Only admins and auditors see what a change of the policies does.");

    private void Forget(ImpactRun run)
    {
        _runs.Remove(run);
        run.Dispose();
    }

    private async Task ExecuteAsync(ImpactRun run)
    {
        CancellationToken cancellation = run.Cancellation;
        try
        {
            await _oneAtATime.WaitAsync(cancellation);
            try
            {
                await CompareAsync(run, cancellation);
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            run.Stopped();
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The impact of a change of policy set version {Version} could not be analysed.", run.Before.Number);
            run.Failed(exception);
        }
    }

    private async Task CompareAsync(ImpactRun run, CancellationToken cancellation)
    {
        run.Begin();
        ImpactWorld world = await queries.WorldAsync(cancellation);
        run.PeopleWithoutRole = world.WithoutRole;
        PolicyEvaluator before = new(run.Before, engine);
        PolicyEvaluator after = new(new PolicySetVersion(run.Before.Number + 1, run.After), engine);
        if (after.Zones.Concat(before.Zones).FirstOrDefault() is { } zone) run.Zone = TimeZoneInfo.FindSystemTimeZoneById(zone.Name);
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<DateTimeOffset> times = ImpactTimes.Sample(before, after, now);
        run.Compared(ImpactAnalysis.Run(before, after, world.People, world.Nodes, times, new Steps(run), cancellation));
        run.Replayed(Replay.Run(before, after, await queries.RequestsAsync(world, now - ReplayedTime, cancellation), cancellation));
    }

    /// <summary>Told on the thread that computes, unlike <see cref="Progress{T}"/>, which would queue a call for each step.</summary>
    private sealed class Steps(ImpactRun run) : IProgress<double>
    {
        public void Report(double value) => run.Advance(value);
    }
}
