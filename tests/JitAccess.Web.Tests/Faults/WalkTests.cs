using CsCheck;
using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tests.Faults;

/// <summary>
/// A thousand random walks through the life of requests on a real Postgres, beside a small model. In each step two people (or one and the clock) act at
/// the same instant, in two processes; what both were answered and what is stored must be what one of the two orders leads to.
/// </summary>
public sealed class WalkTests
{
    private const int Walks = 1000;
    private static readonly Actor[] Approvers = [TestPeople.Approver, TestPeople.Approver2, TestPeople.New("approver3", "jit-approver")];
    private static readonly string[] Everywhere =
    [
        "request Pending", "request Approved", "request Rejected", "request Cancelled", "request TimedOut",
        "grant Returned", "grant Revoked", "grant Expired",
        "extension Approved", "extension Cancelled", "extension TimedOut",
    ];

    private int _people;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // An act that says something else when it is done than when it is drawn: which end was seen.
    private static readonly Gen<Func<DateTimeOffset, Act>> AnAct = Gen.Int[0, 2].SelectMany(approver => Gen.Int[1, WalkModel.MaximumMinutes].SelectMany(minutes => Gen.Frequency(
        (3, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Submit(minutes))),
        (3, Gen.Const<Func<DateTimeOffset, Act>>(seenEnd => new Act.Extend(minutes, seenEnd))),
        (9, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Approve(approver, minutes % 4 == 0 ? minutes : null))),
        (1, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Reject(approver))),
        (1, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Cancel())),
        (1, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Return())),
        (1, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Revoke(approver))),
        (1, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.TimeOut())),
        (1, Gen.Const<Func<DateTimeOffset, Act>>(_ => new Act.Expire())))));

    // Half of the walks begin inside an active grant: chance alone seldom comes as far as an extension.
    private static readonly Gen<(bool BeginsGranted, (Func<DateTimeOffset, Act> One, Func<DateTimeOffset, Act> Other, int MinutesBefore)[] Steps)> Walk = Gen.Select(Gen.Bool,
        Gen.Select(AnAct, AnAct, Gen.Frequency((8, Gen.Int[0, 20]), (2, Gen.Int[60, 300]), (1, Gen.Const(8 * 24 * 60)))).Array[3, 8]);

    private static readonly Act[] UntilGranted = [new Act.Submit(120), new Act.Approve(0, null), new Act.Approve(1, null)];

    [Fact]
    public async Task Walk_TwoActingAtOnce_IsAnsweredAndStoredAsOneAfterTheOther()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess other = world.AnotherProcess();
        int bothDone = 0, oneRefused = 0;
        HashSet<string> met = [];
        // One walk after the other: they share the clock.
        await Walk.SampleAsync(async walk =>
        {
            Actor person = TestPeople.New($"person-{Interlocked.Increment(ref _people)}", "jit-requester");
            WalkModel model = WalkModel.Empty;
            foreach (Act act in walk.BeginsGranted ? UntilGranted : [])
            {
                Assert.True(await DoAsync(world.Here, person, act, await SeeAsync(world, person)));
                model = model.After(act, world.Clock.GetUtcNow())!;
            }
            foreach ((Func<DateTimeOffset, Act> one, Func<DateTimeOffset, Act> two, int minutes) in walk.Steps)
            {
                world.Clock.Advance(TimeSpan.FromMinutes(minutes));
                DateTimeOffset now = world.Clock.GetUtcNow();
                Seen seen = await SeeAsync(world, person);
                Act[] acts = [one(seen.EndsAt), two(seen.EndsAt)];
                bool[] done = await Task.WhenAll(DoAsync(world.Here, person, acts[0], seen), DoAsync(other, person, acts[1], seen));
                string stored = await StoredAsync(world, person);

                (WalkModel Model, bool[] Done)[] orders = [InOrder(model, acts, now, 0, 1), InOrder(model, acts, now, 1, 0)];
                (WalkModel Model, bool[] Done)? fitting = orders.Cast<(WalkModel Model, bool[] Done)?>().FirstOrDefault(order => order!.Value.Done.SequenceEqual(done) && order.Value.Model.Described == stored);
                if (fitting is not { } fits)
                {
                    throw new InvalidOperationException($"After “{model.Described}” at {now:O}, {acts[0]} ({done[0]}) and {acts[1]} ({done[1]}) led to “{stored}”; " +
                        $"legal are {string.Join(" and ", orders.Select(order => $"{string.Join("/", order.Done)} “{order.Model.Described}”"))}.");
                }
                model = fits.Model;
                met.UnionWith(model.States);
                if (done[0] && done[1]) bothDone++;
                else if (done[0] || done[1]) oneRefused++;
            }
        }, iter: Walks, threads: 1);

        // The walks came everywhere: a walk that meets nothing shows nothing.
        Assert.True(bothDone > Walks / 10 && oneRefused > Walks / 2, $"{bothDone} pairs were both done, {oneRefused} times one of two was refused.");
        Assert.Empty(Everywhere.Except(met));
        Assert.Equal(["0"], await world.QueryAsync("""
            select count(*) from requests r where (select count(*) from audit_entries where subject = r.id::text and action in
                ('RequestApproved', 'RequestRejected', 'RequestCancelled', 'RequestTimedOut')) <> case when status = 'Pending' then 0 else 1 end
            """));
    }

    private static (WalkModel Model, bool[] Done) InOrder(WalkModel model, Act[] acts, DateTimeOffset now, int first, int second)
    {
        bool[] done = [true, true];
        foreach (int index in new[] { first, second })
        {
            WalkModel? after = model.After(acts[index], now);
            done[index] = after is not null;
            model = after ?? model;
        }
        return (model, done);
    }

    /// <summary>Does the act.</summary>
    /// <returns>False if it was refused.</returns>
    private static async Task<bool> DoAsync(TestProcess process, Actor person, Act act, Seen seen)
    {
        RequestService requests = process.Get<RequestService>();
        GrantService grants = process.Get<GrantService>();
        try
        {
            await (act switch
            {
                Act.Submit submit => requests.SubmitAsync(person, TestNodes.PaymentsApi.Id, new("look", TimeSpan.FromMinutes(submit.Minutes)), Cancellation),
                Act.Extend extend => requests.ExtendAsync(person, seen.Grant, extend.SeenEnd, new("more", TimeSpan.FromMinutes(extend.Minutes)), Cancellation),
                Act.Approve approve => requests.ApproveAsync(Approvers[approve.Approver], seen.Request, "", approve.ShortenTo is { } minutes ? TimeSpan.FromMinutes(minutes) : null, Cancellation),
                Act.Reject reject => requests.RejectAsync(Approvers[reject.Approver], seen.Request, "", Cancellation),
                Act.Cancel => requests.CancelAsync(person, seen.Request, Cancellation),
                Act.Return => grants.ReturnAsync(person, seen.Grant, Cancellation),
                Act.Revoke revoke => grants.RevokeAsync(Approvers[revoke.Approver], seen.RequestOfGrant, "enough", Cancellation),
                Act.TimeOut => UntilNothingIsDueAsync(process.Background<RequestClock>()),
                Act.Expire => UntilNothingIsDueAsync(process.Background<GrantClock>()),
                _ => throw new ArgumentOutOfRangeException(nameof(act)),
            });
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    private static async Task UntilNothingIsDueAsync(DueWork work)
    {
        while (true)
        {
            try
            {
                if (!await work.DoDueAsync(Cancellation)) return;
            }
            catch (Exception exception) when (DueWork.IsOutage(exception))
            {
                // Somebody changed the same row at the same instant; the work stays due, as the clock's own loop has it.
            }
        }
    }

    /// <summary>What the person has before their eyes: the newest request, the newest grant with its request.</summary>
    private static async Task<Seen> SeeAsync(TestWorld world, Actor person)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        Guid request = await database.Requests.Where(entity => entity.Requester == person.Subject).OrderByDescending(entity => entity.Number).Select(entity => entity.Id).FirstOrDefaultAsync(Cancellation);
        Grant? grant = await database.Grants.AsNoTracking().Where(entity => entity.Holder == person.Subject).OrderByDescending(entity => entity.StartsAt).ThenByDescending(entity => entity.Id).FirstOrDefaultAsync(Cancellation);
        return new Seen(request, grant?.Id ?? Guid.Empty, grant?.RequestId ?? Guid.Empty, grant?.EndsAt ?? DateTimeOffset.UnixEpoch);
    }

    private static async Task<string> StoredAsync(TestWorld world, Actor person)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        List<AccessRequest> requests = await database.Requests.AsNoTracking().IgnoreAutoIncludes().Where(request => request.Requester == person.Subject).OrderBy(request => request.Number).ToListAsync(Cancellation);
        List<Grant> grants = await database.Grants.AsNoTracking().Where(grant => grant.Holder == person.Subject).OrderBy(grant => grant.StartsAt).ThenBy(grant => grant.Id).ToListAsync(Cancellation);
        return string.Join("; ", requests.Select(request => $"{request.Status} {request.Duration.TotalMinutes} {request.ReviewCount}")) + " | " + string.Join("; ", grants.Select(grant => $"{grant.End} {grant.EndsAt:O}"));
    }

    private sealed record Seen(Guid Request, Guid Grant, Guid RequestOfGrant, DateTimeOffset EndsAt);
}
