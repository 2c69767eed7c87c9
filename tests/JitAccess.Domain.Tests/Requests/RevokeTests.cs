using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class RevokeTests
{
    private const string NoApprover = "You are not an approver of this request. Its approvers and admins can revoke the grant.";
    private static readonly DateTimeOffset At = Given.Now.AddMinutes(10);
    private static readonly ProvenIdentity IamUser = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/alice");
    private static readonly Actor Admin = Given.Actor("admin") with { Roles = [ApplicationRole.Admin] };

    public static TheoryData<string, RefusalKind?, string?> Everybody => new()
    {
        { "approver who approved", null, null },
        { "approver of the same level", null, null },
        { "approver of another level", null, null },
        { "admin", null, null },
        { "admin without a role", null, null },
        { "approver without a role", RefusalKind.Forbidden, (Given.Approver with { Identity = IamUser }).CanAct().Message },
        { "requester", RefusalKind.Forbidden, "This is your own access. Return the grant instead; revoking is for its approvers and admins." },
        { "requester who is admin and approver", RefusalKind.Forbidden, "This is your own access. Return the grant instead; revoking is for its approvers and admins." },
        { "auditor", RefusalKind.Forbidden, NoApprover },
        { "stranger", RefusalKind.NotFound, "This request does not exist." },
    };

    [Theory]
    [MemberData(nameof(Everybody))]
    public void CanRevoke_Everybody_IsForApproversAndAdmins(string who, RefusalKind? kind, string? message)
    {
        Actor actor = who switch
        {
            "approver who approved" => Given.Approver,
            "approver of the same level" => Given.Approver2,
            "approver of another level" => Given.Actor("boss"),
            "admin" => Admin,
            "admin without a role" => Admin with { Identity = IamUser },
            "approver without a role" => Given.Approver with { Identity = IamUser },
            "requester" => Given.Requester,
            "requester who is admin and approver" => Given.Actor("requester", Given.ApproverRole, "platform-leads") with { Roles = [ApplicationRole.Admin] },
            "auditor" => Given.Actor("auditor") with { Roles = [ApplicationRole.Auditor] },
            _ => Given.Actor("stranger"),
        };
        AccessRequest request = Approved();

        Ruling ruling = request.CanRevoke(actor, At);

        Assert.Equal(kind is null, ruling.IsAllowed);
        Assert.Equal(message, ruling.Message);
        if (kind is null)
        {
            request.Revoke(actor, "INC-2", At);
            Assert.Equal(GrantEnd.Revoked, request.Grant!.End);
            return;
        }
        RefusedException refused = Assert.Throws<RefusedException>(() => request.Revoke(actor, "INC-2", At));
        Assert.Equal((kind, message), (refused.Kind, refused.Message));
        Assert.Null(request.Grant!.EndedAt);
    }

    [Fact]
    public void Revoke_ActiveGrant_EndsItWithNameAndReason()
    {
        AccessRequest request = Approved();
        Grant grant = request.Grant!;

        request.Revoke(Given.Approver, "  The incident is over ", At);

        Assert.Equal((At, GrantEnd.Revoked, "Approver", "The incident is over"), (grant.EndedAt, grant.End, grant.EndedByName, grant.RevokeReason));
        Assert.False(grant.IsActive(At));
        Assert.False(grant.IsOverdue(grant.EndsAt));
        Assert.Equal("The grant has ended (revoked by Approver at 08:40 UTC: “The incident is over”). Ask again to connect.", grant.CanConnect(Given.Requester, At).Message);
    }

    [Fact]
    public void Revoke_AutomaticGrant_IsForAdminsAlone()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.Automatic());

        Assert.Equal(RefusalKind.NotFound, request.CanRevoke(Given.Approver, At).Kind);
        request.Revoke(Admin, "Not today", At);

        Assert.Equal(GrantEnd.Revoked, request.Grant!.End);
    }

    [Fact]
    public void Revoke_AfterAnyEnd_IsToldWhatHappenedMeanwhile()
    {
        AccessRequest returned = Approved(), revoked = Approved(), expired = Approved();
        returned.Grant!.Return(Given.Requester, At);
        revoked.Revoke(Given.Approver2, "INC-2", At);
        DateTimeOffset end = expired.Grant!.EndsAt;

        Assert.Equal("The grant has ended already (returned at 08:40 UTC).", Refused(returned, At).Message);
        Assert.Equal("The grant has ended already (revoked by Approver2 at 08:40 UTC: “INC-2”).", Refused(revoked, At).Message);
        Assert.Equal($"The grant has ended already (expired at {end.UtcDateTime:HH:mm} UTC).", Refused(expired, end).Message);
        Assert.All([Refused(returned, At), Refused(revoked, At), Refused(expired, end)], refused => Assert.Equal(RefusalKind.Conflict, refused.Kind));
        Assert.Equal("The grant has ended already (revoked by Approver2 at 08:40 UTC: “INC-2”).", revoked.Grant!.CanReturn(Given.Requester, At).Message);
        Assert.Equal((GrantEnd.Returned, ""), (returned.Grant.End, returned.Grant.RevokeReason));
    }

    [Fact]
    public void Revoke_WithoutAGrant_SaysThatThereIsNone()
    {
        AccessRequest pending = Submit(), rejected = Submit();
        rejected.Reject(Given.Approver, "", Given.Now);

        Assert.Equal("The request has opened no grant (Pending, level 1 of 2), so there is nothing to revoke.", Refused(pending, At).Message);
        Assert.Equal("The request has opened no grant (Rejected by Approver), so there is nothing to revoke.", Refused(rejected, At).Message);
    }

    [Theory]
    [InlineData(null, "Say why you revoke the grant: a reason is required, 1 to 256 characters. The requester reads it.")]
    [InlineData(" \t\n", "Say why you revoke the grant: a reason is required, 1 to 256 characters. The requester reads it.")]
    [InlineData(257, "The reason has 257 characters; at most 256 are allowed. Shorten it.")]
    [InlineData(256, null)]
    [InlineData(1, null)]
    public void Revoke_ReasonLength_IsOneTo256(object? reason, string? message)
    {
        AccessRequest request = Approved();
        string text = reason is int length ? new string('x', length) : (string?)reason!;

        if (message is null)
        {
            request.Revoke(Given.Approver, text, At);
            Assert.Equal(text, request.Grant!.RevokeReason);
            return;
        }
        RefusedException refused = Assert.Throws<RefusedException>(() => request.Revoke(Given.Approver, text, At));
        Assert.Equal((RefusalKind.Invalid, message), (refused.Kind, refused.Message));
        Assert.Null(request.Grant!.EndedAt);
    }

    private static RefusedException Refused(AccessRequest request, DateTimeOffset at)
    {
        Assert.False(request.CanRevoke(Given.Approver, at).IsAllowed);
        return Assert.Throws<RefusedException>(() => request.Revoke(Given.Approver, "INC-3", at));
    }

    private static AccessRequest Submit() => AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(1, Given.Group("platform-leads")), Given.Level(1, Given.Person("boss"))));

    private static AccessRequest Approved()
    {
        AccessRequest request = Submit();
        request.Approve(Given.Approver, "", Given.Now);
        request.Approve(Given.Actor("boss"), "", Given.Now);
        return request;
    }
}
