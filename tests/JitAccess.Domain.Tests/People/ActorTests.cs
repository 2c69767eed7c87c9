using JitAccess.Domain.People;

namespace JitAccess.Domain.Tests.People;

public sealed class ActorTests
{
    [Fact]
    public void CanAct_IamUserWithoutSuggestions_IsToldWhomToAsk()
    {
        Ruling ruling = (Given.Requester with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/alice") }).CanAct();

        Assert.Equal((RefusalKind.Forbidden, "You are signed in as the IAM user alice. Requests and approvals are made with a role. Assume a role, then sign in again; an admin of JitAccess can tell which."), (ruling.Kind, ruling.Message));
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(ApplicationRole.Auditor, false, true)]
    [InlineData(ApplicationRole.Admin, true, true)]
    public void Roles_OfAnActor_SayWhatTheyMayDo(ApplicationRole? role, bool admin, bool readsEverything)
    {
        Actor actor = Given.Requester with { Roles = role is { } one ? [one] : [] };

        Assert.Equal((admin, readsEverything), (actor.IsAdmin, actor.MayReadEverything));
    }
}
