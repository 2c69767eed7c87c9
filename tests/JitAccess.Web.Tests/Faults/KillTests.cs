using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Grants;
using JitAccess.Web.Notifications;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Audit;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Notifications;

namespace JitAccess.Web.Tests.Faults;

/// <summary>
/// The application is killed (SIGKILL, a real process) before every question that it asks Postgres and before every answer that it hears, one after the
/// other. Each time what is stored is a legal state, and another process brings the work to the end that it should have had.
/// </summary>
public sealed class KillTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_KilledAtEveryStep_LeavesARequestWithItsAuditAndNoticeOrNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        await KillAtEveryStepAsync(world, atLeast: 5, async step =>
        {
            Actor person = Person(step);
            return new Work($"submit {person.Subject} {TestNodes.DemoLinux.Id}", async () =>
            {
                bool stored = await IsThereAsync(world, $"requests where requester = '{person.Subject}'");
                Assert.Equal(stored ? 1 : 0, await world.CountAsync($"audit_entries where actor = '{person.Subject}'"));
                Assert.Equal(stored ? 1 : 0, await world.CountAsync($"outbox where content ->> 'actor' = '{person.Subject}'"));

                // The person asks once more, as people do.
                Task<Submitted> again = world.Requests.SubmitAsync(person, TestNodes.DemoLinux.Id, new("look"), Cancellation);
                if (stored) Assert.NotNull((await Assert.ThrowsAsync<RefusedException>(() => again)).RelatedRequestId);
                else await again;
                Assert.Equal(1, await world.CountAsync($"requests where requester = '{person.Subject}'"));
            });
        });
    }

    [Fact]
    public async Task Approve_KilledAtEveryStep_LeavesAnOpenGrantOrAPendingRequest()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        await KillAtEveryStepAsync(world, atLeast: 5, async step =>
        {
            Guid id = (await world.Requests.SubmitAsync(Person(step), TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
            return new Work($"approve approver {id}", async () =>
            {
                bool isApproved = await IsThereAsync(world, $"requests where id = '{id}' and status = 'Approved' and review_count = 1");
                Assert.Equal(isApproved ? 1 : 0, await world.CountAsync($"reviews where request_id = '{id}'"));
                Assert.Equal(isApproved ? 1 : 0, await world.CountAsync($"grants where request_id = '{id}'"));
                await IsToldAsync(world, isApproved ? 1 : 0, id, "RequestApproved", "request.approved");

                Task again = world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
                if (isApproved) Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<RefusedException>(() => again)).Kind);
                else await again;
                Assert.Equal(1, await world.CountAsync($"grants where request_id = '{id}'"));
            });
        });
    }

    [Fact]
    public async Task EndOfGrant_KilledAtEveryStep_EndsGrantAndSessionsTogetherOnce()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        await KillAtEveryStepAsync(world, atLeast: 7, async step =>
        {
            Actor person = Person(step);
            Guid request = (await world.Requests.SubmitAsync(person, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
            Guid grant = (await world.RequestQueries.FindAsync(person, request, Cancellation))!.Grant!.Id;
            Guid session = await world.Sessions.ConnectAsync(person, grant, Cancellation);
            world.Clock.Advance(TimeSpan.FromHours(1));
            return new Work("end-grants", async () =>
            {
                bool ended = await IsThereAsync(world, $"grants where id = '{grant}' and ended_at is not null");
                Assert.Equal(ended ? 1 : 0, await world.CountAsync($"sessions where id = '{session}' and ended_at is not null"));

                await world.Here.Background<GrantClock>().DoDueAsync(Cancellation);
                Assert.Equal(1, await world.CountAsync($"sessions where id = '{session}' and ended_at is not null"));
                await IsToldAsync(world, 1, grant, "GrantExpired", "grant.expired");
            });
        });
    }

    [Fact]
    public async Task TimeOut_KilledAtEveryStep_TimesOutOnce()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        await KillAtEveryStepAsync(world, atLeast: 7, async step =>
        {
            Guid id = (await world.Requests.SubmitAsync(Person(step), TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
            world.Clock.Advance(TimeSpan.FromDays(7));
            return new Work("time-out", async () =>
            {
                await IsThereAsync(world, $"requests where id = '{id}' and status = 'TimedOut'");
                await world.Here.Background<RequestClock>().DoDueAsync(Cancellation);
                Assert.Equal(1, await world.CountAsync($"requests where id = '{id}' and status = 'TimedOut'"));
                await IsToldAsync(world, 1, id, "RequestTimedOut", "request.timed_out");
            });
        });
    }

    [Fact]
    public async Task Route_KilledAtEveryStep_ForgetsNobodyAndTellsNobodyTwice()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using HttpTape tape = await HttpTape.StartAsync();
        Dictionary<string, string?> settings = TestChannels.Webhook(tape);
        TestProcess restarted = world.AnotherProcess(settings: settings);
        await restarted.Background<OutboxRouting>().DoDueAsync(Cancellation);

        await KillAtEveryStepAsync(world, atLeast: 6, async step =>
        {
            Guid id = (await world.Requests.SubmitAsync(Person(step), TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
            string message = (await world.QueryAsync($"select id from outbox where content ->> 'subject' = '{id}'"))[0];
            return new Work("route", async () =>
            {
                bool routed = await IsThereAsync(world, $"deliveries where message_id = '{message}'");
                Assert.Equal(routed ? 1 : 0, await world.CountAsync($"outbox where id = '{message}' and sent_at is not null"));

                await restarted.Background<OutboxRouting>().DoDueAsync(Cancellation);
                Assert.Equal(1, await world.CountAsync($"deliveries where message_id = '{message}'"));
                Assert.Equal(0, await world.CountAsync("outbox where sent_at is null"));
            });
        }, settings);
    }

    [Fact]
    public async Task Deliver_KilledAtEveryStep_DeliversAndRepeatsAtMostOnceWithTheSameId()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using HttpTape tape = await HttpTape.StartAsync();
        Dictionary<string, string?> settings = TestChannels.Webhook(tape);
        TestProcess restarted = world.AnotherProcess(settings: settings);
        int repeated = 0;

        await KillAtEveryStepAsync(world, atLeast: 6, async step =>
        {
            Guid id = (await world.Requests.SubmitAsync(Person(step), TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
            while (await restarted.Background<OutboxRouting>().DoDueAsync(Cancellation)) { }
            Guid message = Guid.Parse((await world.QueryAsync($"select id from outbox where content ->> 'subject' = '{id}'"))[0]);
            return new Work("deliver", async () =>
            {
                bool delivered = await IsThereAsync(world, $"deliveries where message_id = '{message}' and state = 'Delivered'");
                int before = tape.Requests.Count(asked => asked.Headers["webhook-id"] == $"msg_{message:n}");
                Assert.InRange(before, delivered ? 1 : 0, 1);

                world.Clock.Advance(OutboxDelivery.Lease);
                await restarted.Background<OutboxDelivery>().DoDueAsync(Cancellation);
                Assert.Equal(1, await world.CountAsync($"deliveries where message_id = '{message}' and state = 'Delivered'"));
                int times = tape.Requests.Count(asked => asked.Headers["webhook-id"] == $"msg_{message:n}");
                Assert.InRange(times, 1, 2);
                if (times == 2) repeated++;
                Assert.Equal(0, await world.CountAsync("deliveries where state <> 'Delivered'"));
            });
        }, settings);
        // Guards the test against killing only before the message is out.
        Assert.NotEqual(0, repeated);
    }

    // Goes on until the work was done before the step came at which it would have been killed. With fewer steps than `atLeast` nothing
    // was killed in its middle, and the test would have shown nothing.
    private static async Task KillAtEveryStepAsync(TestWorld world, int atLeast, Func<int, Task<Work>> prepare, IReadOnlyDictionary<string, string?>? settings = null)
    {
        settings ??= new Dictionary<string, string?>();
        // The next one gets ready while this one is killed and looked at.
        Task<Victim> next = Victim.StartAsync(world.ConnectionString, settings);
        for (int step = 0; ; step++)
        {
            Work work = await prepare(step);
            await using Victim victim = await next;
            next = Victim.StartAsync(world.ConnectionString, settings);
            bool wasKilled = await victim.IsKilledAtAsync(step, work.Words, world.Clock.GetUtcNow());
            // What the server heard before the kill it may still be doing.
            await Until.TrueAsync(async () => await world.CountAsync("pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and (state = 'active' or state like 'idle in transaction%')") == 0, "the killed process's connection is gone");
            await work.Check();
            if (wasKilled) continue;
            await (await next).DisposeAsync();
            Assert.InRange(step, atLeast, 40);
            TestContext.Current.SendDiagnosticMessage("Killed at each of {0} steps.", step);
            return;
        }
    }

    private static Actor Person(int number) => TestPeople.New($"person-{number}", "jit-requester");

    /// <summary>Whether something is there: not at all, or once.</summary>
    private static async Task<bool> IsThereAsync(TestWorld world, string what)
    {
        int number = await world.CountAsync(what);
        Assert.InRange(number, 0, 1);
        return number == 1;
    }

    /// <summary>So many times it is told to the audit and to the outbox.</summary>
    private static async Task IsToldAsync(TestWorld world, int times, Guid subject, string action, string kind)
    {
        Assert.Equal(times, await world.CountAsync($"audit_entries where subject = '{subject}' and action = '{action}'"));
        Assert.Equal(times, await world.CountAsync($"outbox where content ->> 'subject' = '{subject}' and kind = '{kind}'"));
    }

    /// <summary>A piece of work, and what must hold after it was killed.</summary>
    private sealed record Work(string Words, Func<Task> Check);
}
