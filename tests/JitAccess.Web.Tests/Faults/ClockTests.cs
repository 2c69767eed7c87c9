using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Web.Audit;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using JitAccess.Web.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Faults;

/// <summary>Work by the clock, done by several processes, and under a clock that somebody sets.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DueWork_ByThreeProcessesAtOnce_IsDoneOnce()
    {
        const int each = 120;
        await using TestWorld world = await TestWorld.CreateAsync();
        for (int number = 0; number < each; number++)
        {
            Actor person = TestPeople.New($"person-{number}", "jit-requester");
            await world.Requests.SubmitAsync(person, TestNodes.DemoLinux.Id, new("look"), Cancellation);
            await world.Requests.SubmitAsync(person, TestNodes.DemoLinux2.Id, new("look"), Cancellation);
        }
        world.Clock.Advance(TimeSpan.FromDays(7));
        TestProcess[] processes = [world.Here, world.AnotherProcess(), world.AnotherProcess()];

        await Task.WhenAll(processes.SelectMany(process => new DueWork[] { process.Background<GrantClock>(), process.Background<RequestClock>() }).Select(work => Task.Run(async () =>
        {
            while (await work.DoDueAsync(Cancellation))
            {
            }
        }, Cancellation)));
        // A batch that another process held at the end is that process's; nothing is left for anybody.
        foreach (string what in new[] { "grants where ended_at is null", "requests where status = 'Pending'" }) Assert.Equal(["0"], await world.QueryAsync($"select count(*) from {what}"));

        foreach (string action in new[] { "GrantExpired", "RequestTimedOut" })
            Assert.Equal([$"{each} {each}"], await world.QueryAsync($"select count(*) || ' ' || count(distinct subject) from audit_entries where action = '{action}'"));
        Assert.Equal(["240"], await world.QueryAsync("select count(*) from outbox where kind in ('grant.expired', 'request.timed_out')"));
    }

    [Fact]
    public async Task Clock_SetBackAnHour_EndsNothingEarlyAndNothingLaterThanByThat()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        ShiftedClock clock = new(world.Clock);
        ErrorLog log = new();
        await using TestProcess process = world.AnotherProcess(services => services.AddSingleton<TimeProvider>(clock).AddSingleton<ILoggerProvider>(log));
        Actor person = TestPeople.Requester;
        Guid request = (await process.Get<RequestService>().SubmitAsync(person, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        Guid pending = (await process.Get<RequestService>().SubmitAsync(person, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        Grant grant = (await process.Get<RequestQueries>().FindAsync(person, request, Cancellation))!.Grant!;
        await process.Get<SessionService>().ConnectAsync(person, grant.Id, Cancellation);
        await process.RunAsync<GrantClock>();
        await process.RunAsync<RequestClock>();
        await process.RunAsync<SessionTermination>();
        await process.RunAsync<AuditSealing>();

        // Half of the grant's hour has passed when the clock is set back.
        await PassAsync(world, TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(30));
        clock.Shift = -Hour;
        // By true time the grant would be over; by this clock it has begun only now, and it must not have ended early.
        await PassAsync(world, TimeSpan.FromMinutes(29), TimeSpan.FromSeconds(30));
        Assert.True((await process.Get<RequestQueries>().FindAsync(person, request, Cancellation))!.CanConnect.IsAllowed || clock.GetUtcNow() < grant.StartsAt);
        Assert.Equal(["0"], await world.QueryAsync("select count(*) from grants where ended_at is not null"));
        Assert.Equal(["1"], await world.QueryAsync("select count(*) from sessions where ended_at is null"));

        // What is asked, approved and returned meanwhile works.
        await process.Get<RequestService>().ApproveAsync(TestPeople.Approver, pending, "", Cancellation);
        await process.Get<GrantService>().ReturnAsync(person, (await process.Get<RequestQueries>().FindAsync(person, pending, Cancellation))!.Grant!.Id, Cancellation);

        await PassAsync(world, TimeSpan.FromMinutes(62), TimeSpan.FromSeconds(30));
        await Until.TrueAsync(async () =>
        {
            await PassAsync(world, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            return await world.CountAsync($"grants where id = '{grant.Id}' and ended_at is not null") == 1;
        }, "the grant ended");
        // An hour late by true time, and not a second more than the work takes.
        Assert.InRange(world.Clock.GetUtcNow() - grant.EndsAt, Hour, Hour + TimeSpan.FromMinutes(2));
        await Until.TrueAsync(async () =>
        {
            await PassAsync(world, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            return world.Aws.Terminations.Count == 1 && await world.CountAsync("audit_waiting") == 0;
        }, "the session ended at AWS, and everything was sealed");
        Assert.Empty(log.Errors);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Lease_ClocksThatDiffer_KeepsTheOthersSessionUntilItsProcessIsGone(int minutes)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid request = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        Guid session = await world.Sessions.ConnectAsync(TestPeople.Requester, (await world.RequestQueries.FindAsync(TestPeople.Requester, request, Cancellation))!.Grant!.Id, Cancellation);
        SessionLeases holder = new(world.Clock);
        SessionLeases other = new(new ShiftedClock(world.Clock) { Shift = TimeSpan.FromMinutes(minutes) });

        for (int second = 0; second < 120; second++)
        {
            await KeepAsync(holder, session);
            await KeepAsync(other);
        }
        Assert.Equal(["1"], await world.QueryAsync("select count(*) from sessions where ended_at is null"));

        for (int second = 0; second < 40; second++) await KeepAsync(other);
        Assert.Equal(["1"], await world.QueryAsync("select count(*) from sessions where ended_at is null"));
        for (int second = 0; second < 25; second++) await KeepAsync(other);
        Assert.Equal(["Failed"], await world.QueryAsync("""select "end" from sessions"""));
        Assert.Equal(["1"], await world.QueryAsync("select count(*) from audit_entries where action = 'SessionEnded'"));

        async Task KeepAsync(SessionLeases leases, params Guid[] own)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(own.Length > 0 ? 0 : 1));
            await using JitAccessDbContext database = await world.DatabaseAsync();
            await leases.KeepAsync(database, own, Cancellation);
        }
    }

    /// <summary>Lets time pass in steps in which work can be done.</summary>
    private static async Task PassAsync(TestWorld world, TimeSpan time, TimeSpan step)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            world.Clock.Advance(step);
            await Task.Delay(15, Cancellation);
        }
    }

    /// <summary>What was logged as an error.</summary>
    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Errors.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
