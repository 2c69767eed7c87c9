using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests.Table;

/// <summary>Something that can be done with a request.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Offered">Whether the page offers it.</param>
/// <param name="DoAsync">Does it through the service.</param>
/// <param name="IsOfGrant">True if it is done to the grant: without one there is nothing to name, and the service finds nothing.</param>
/// <param name="Leads">What comes of it where that is no state of the request.</param>
internal sealed record TableVerb(string Name, Func<RequestDetails, Ruling> Offered, Func<TestWorld, Situation, Actor, Task> DoAsync, bool IsOfGrant = false, string? Leads = null)
{
    public static IReadOnlyList<TableVerb> All { get; } =
    [
        new("approve", details => details.CanReview, (world, situation, actor) => world.Requests.ApproveAsync(actor, situation.Request, "", TestWorld.Cancellation)),
        new("approve for less time", details => details.CanReview, (world, situation, actor) => world.Requests.ApproveAsync(actor, situation.Request, "", TimeSpan.FromMinutes(30), TestWorld.Cancellation)),
        new("reject", details => details.CanReview, (world, situation, actor) => world.Requests.RejectAsync(actor, situation.Request, "", TestWorld.Cancellation)),
        new("cancel", details => details.CanCancel, (world, situation, actor) => world.Requests.CancelAsync(actor, situation.Request, TestWorld.Cancellation)),
        new("connect", details => details.CanConnect, (world, situation, actor) => world.Sessions.ConnectAsync(actor, situation.Grant, TestWorld.Cancellation), IsOfGrant: true, Leads: "**a session**"),
        new("extend", details => details.CanExtend, ExtendAsync, IsOfGrant: true, Leads: "**a request for more time**"),
        new("return", details => details.CanReturn, (world, situation, actor) => world.Grants.ReturnAsync(actor, situation.Grant, TestWorld.Cancellation), IsOfGrant: true),
        new("revoke", details => details.CanRevoke, (world, situation, actor) => world.Grants.RevokeAsync(actor, situation.Request, "enough", TestWorld.Cancellation)),
        new("review broken glass", details => details.CanReviewBreakGlass, (world, situation, actor) => world.Requests.ReviewBreakGlassAsync(actor, situation.Request, ReviewVerdict.Approve, "", TestWorld.Cancellation), Leads: "**reviewed**"),
        new("ask again", details => details.CanAskAgain, AskAgainAsync, Leads: "**the form, filled in**"),
    ];

    private static async Task ExtendAsync(TestWorld world, Situation situation, Actor actor)
    {
        Grant? grant = (await world.RequestQueries.FindAsync(TestPeople.Admin, situation.Request, TestWorld.Cancellation))!.Grant;
        await world.Requests.ExtendAsync(actor, grant?.Id ?? Guid.Empty, grant?.EndsAt ?? default, new("more", TimeSpan.FromMinutes(30)), TestWorld.Cancellation);
    }

    private static async Task AskAgainAsync(TestWorld world, Situation situation, Actor actor)
    {
        if (await world.RequestQueries.FindToAskAgainAsync(actor, situation.Request, TestWorld.Cancellation) is null)
            (await world.RequestQueries.FindAsync(actor, situation.Request, TestWorld.Cancellation) is { } details ? details.CanAskAgain : Ruling.Refused(RefusalKind.NotFound, "This request does not exist.")).ThrowIfRefused();
    }
}
