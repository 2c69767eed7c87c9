using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Grants;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests.Table;

/// <summary>A request in a state, with the people who were needed to bring it there.</summary>
/// <param name="Requester">Who asks.</param>
/// <param name="Request">The request that is spoken of.</param>
/// <param name="Grant">Its grant; empty without one. An extension has none of its own.</param>
internal sealed record Situation(Actor Requester, Guid Request, Guid Grant);

/// <summary>A state that a request can be in, and how one comes there through the services.</summary>
internal sealed record TableState(string Name, Func<TestWorld, Task<Situation>> MakeAsync)
{
    private static int _people;

    /// <summary>Level 1 is answered by the group leads, level 2 by the group owners; 4 h at most.</summary>
    public static PolicySet Policies { get; } = PolicySet.Empty.With(new ManualPolicy
    {
        Id = new Guid("01990000-0000-7000-8000-0000000000aa"),
        Name = "Production",
        Target = NodeTarget.AllNodes,
        MaximumHours = 4,
        BreakGlass = new BreakGlassRule { Groups = ["on-call"] },
        Levels = [new([new Approver(ApproverKind.Group, "leads")], 1), new([new Approver(ApproverKind.Group, "owners")], 1)],
    });

    public static IReadOnlyList<TableState> All { get; } =
    [
        new("Pending, level 1 of 2", world => AskAsync(world)),
        new("Pending, level 2 of 2", async world => await FirstLevelAsync(world, await AskAsync(world))),
        new("Pending, but the time to answer is over", async world =>
        {
            Situation asked = await AskAsync(world);
            await world.ExecuteAsync($"update requests set times_out_at = submitted_at where id = '{asked.Request}'");
            return asked;
        }),
        new("Rejected", async world =>
        {
            Situation asked = await AskAsync(world);
            await world.Requests.RejectAsync(TablePerson.Lead, asked.Request, "", TestWorld.Cancellation);
            return asked;
        }),
        new("Cancelled", async world =>
        {
            Situation asked = await AskAsync(world);
            await world.Requests.CancelAsync(asked.Requester, asked.Request, TestWorld.Cancellation);
            return asked;
        }),
        new("Timed out", async world =>
        {
            Situation asked = await AskAsync(world);
            await world.ExecuteAsync($"update requests set times_out_at = submitted_at where id = '{asked.Request}'");
            await world.Here.Background<RequestClock>().DoDueAsync(TestWorld.Cancellation);
            return asked;
        }),
        new("Approved, the grant scheduled", async world => await GrantedAsync(world, await AskAsync(world, world.Clock.GetUtcNow().AddDays(1)))),
        new("Approved, the grant active", async world => await GrantedAsync(world, await AskAsync(world))),
        new("Approved, the grant active, more time asked for", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            await ExtendAsync(world, granted);
            return granted;
        }),
        new("An extension, pending at level 1 of 2", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            return granted with { Request = await ExtendAsync(world, granted), Grant = Guid.Empty };
        }),
        new("An extension, approved", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            Situation extension = granted with { Request = await ExtendAsync(world, granted), Grant = Guid.Empty };
            await FirstLevelAsync(world, extension);
            await world.Requests.ApproveAsync(TablePerson.Owner, extension.Request, "", TestWorld.Cancellation);
            return extension;
        }),
        new("Approved, the grant returned", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            await world.Grants.ReturnAsync(granted.Requester, granted.Grant, TestWorld.Cancellation);
            return granted;
        }),
        new("Approved, the grant revoked", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            await world.Grants.RevokeAsync(TablePerson.Owner, granted.Request, "enough", TestWorld.Cancellation);
            return granted;
        }),
        new("Approved, the grant's time over, the end not yet written", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            await world.ExecuteAsync($"update grants set starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day' where id = '{granted.Grant}'");
            return granted;
        }),
        new("Approved, the grant expired", async world =>
        {
            Situation granted = await GrantedAsync(world, await AskAsync(world));
            await world.ExecuteAsync($"update grants set starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day' where id = '{granted.Grant}'");
            await world.Here.Background<GrantClock>().DoDueAsync(TestWorld.Cancellation);
            return granted;
        }),
        new("Opened by break-glass, the review owed", BreakGlassAsync),
        new("Opened by break-glass, reviewed", async world =>
        {
            Situation broken = await BreakGlassAsync(world);
            await world.Requests.ReviewBreakGlassAsync(TablePerson.Lead, broken.Request, ReviewVerdict.Reject, "No need.", TestWorld.Cancellation);
            return broken;
        }),
    ];

    private static async Task<Situation> BreakGlassAsync(TestWorld world)
    {
        Actor requester = TestPeople.New($"requester-{Interlocked.Increment(ref _people)}", "jit-requester");
        requester = requester with { Person = requester.Person with { Groups = ["on-call"] } };
        Guid request = (await world.Requests.SubmitAsync(requester, TestNodes.PaymentsApi.Id, new("down", BreakGlass: true), TestWorld.Cancellation)).RequestId;
        return new Situation(requester, request, (await world.RequestQueries.FindAsync(requester, request, TestWorld.Cancellation))!.Grant!.Id);
    }

    private static async Task<Situation> AskAsync(TestWorld world, DateTimeOffset? start = null)
    {
        Actor requester = TestPeople.New($"requester-{Interlocked.Increment(ref _people)}", "jit-requester");
        Guid request = (await world.Requests.SubmitAsync(requester, TestNodes.PaymentsApi.Id, new("look", TimeSpan.FromHours(2), start), TestWorld.Cancellation)).RequestId;
        return new Situation(requester, request, Guid.Empty);
    }

    private static async Task<Situation> FirstLevelAsync(TestWorld world, Situation asked)
    {
        await world.Requests.ApproveAsync(TablePerson.Lead, asked.Request, "", TestWorld.Cancellation);
        return asked;
    }

    private static async Task<Situation> GrantedAsync(TestWorld world, Situation asked)
    {
        await FirstLevelAsync(world, asked);
        await world.Requests.ApproveAsync(TablePerson.Owner, asked.Request, "", TestWorld.Cancellation);
        Grant grant = (await world.RequestQueries.FindAsync(asked.Requester, asked.Request, TestWorld.Cancellation))!.Grant!;
        return asked with { Grant = grant.Id };
    }

    private static async Task<Guid> ExtendAsync(TestWorld world, Situation granted)
    {
        Grant grant = (await world.RequestQueries.FindAsync(granted.Requester, granted.Request, TestWorld.Cancellation))!.Grant!;
        return (await world.Requests.ExtendAsync(granted.Requester, grant.Id, grant.EndsAt, new("more", TimeSpan.FromHours(1)), TestWorld.Cancellation)).RequestId;
    }
}
