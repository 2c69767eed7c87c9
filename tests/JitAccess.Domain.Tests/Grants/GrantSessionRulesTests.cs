using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Grants;

/// <summary>The rules for sessions on their way from the decision to the grant, through every door by which one opens or lasts longer.</summary>
public sealed class GrantSessionRulesTests
{
    private static readonly SessionRules Rules = new() { IdleTimeout = TimeSpan.FromMinutes(15), AllowsCredentials = true };

    private static readonly SessionRules Others = new() { IdleTimeout = TimeSpan.FromMinutes(30), NeedsObserver = true };

    private static readonly SessionRules Both = new() { IdleTimeout = TimeSpan.FromMinutes(15), NeedsObserver = true };

    [Fact]
    public void Submit_Automatically_GivesTheGrantThePolicysRules()
    {
        Assert.Equal(Rules, Open(Rules).SessionRules);
        Assert.Equal(SessionRules.Default, AccessRequest.Submit(Given.Question(), Given.Automatic()).Grant!.SessionRules);
    }

    [Fact]
    public void Approve_LastLevel_GivesTheGrantTheRulesOfTheSubmit()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval() with { SessionRules = Rules });
        Assert.Null(request.Grant);

        request.Approve(Given.Approver, "", Given.Now);

        Assert.Equal(Rules, request.Grant!.SessionRules);
    }

    [Fact]
    public void Submit_ForLater_KeepsTheRulesWhenItOpens()
    {
        Grant grant = AccessRequest.Submit(Given.Question() with { AskedStart = Given.Now.AddHours(1) }, Given.Automatic() with { SessionRules = Rules }).Grant!;

        grant.Activate(Ruling.Allowed, Given.Now.AddHours(1));

        Assert.Equal(Rules, grant.SessionRules);
    }

    [Fact]
    public void Submit_ByBreakGlass_GivesTheGrantTheRulesOfThePolicyThatWasPassedOver()
    {
        Decision decision = Given.NeedsApproval() with { BreakGlass = new BreakGlassRule { Groups = ["engineering"] }, SessionRules = Others };

        AccessRequest request = AccessRequest.Submit(Given.Question() with { BreakGlass = true }, decision);

        Assert.Equal((true, Others), (request.BrokeGlass, request.Grant!.SessionRules));
    }

    [Fact]
    public void Extend_Automatically_TightensTheGrantsRules()
    {
        Grant grant = Open(Rules);

        AccessRequest.Extend(grant, Given.Question(duration: TimeSpan.FromHours(1)), Given.Automatic(4) with { SessionRules = Others });

        Assert.Equal(Both, grant.SessionRules);
    }

    [Fact]
    public void Extend_ByPeople_TightensOnlyAtTheLastApproval()
    {
        Grant grant = Open(Rules);
        AccessRequest request = AccessRequest.Extend(grant, Given.Question(duration: TimeSpan.FromHours(1)), Given.NeedsApproval() with { SessionRules = Others });
        Assert.Equal(Rules, grant.SessionRules);

        request.Approve(Given.Approver, "", Given.Now);

        Assert.Equal(Both, grant.SessionRules);
    }

    [Fact]
    public void Extend_RejectedOrByLooserRules_LeavesTheGrantsRules()
    {
        Grant grant = Open(Both);
        AccessRequest rejected = AccessRequest.Extend(grant, Given.Question(duration: TimeSpan.FromHours(1)), Given.NeedsApproval() with { SessionRules = Others with { RecordingDays = 9 } });
        rejected.Reject(Given.Approver, "", Given.Now);
        Assert.Equal(Both, grant.SessionRules);

        AccessRequest.Extend(grant, Given.Question(duration: TimeSpan.FromHours(1)), Given.Automatic(4));

        Assert.Equal(Both, grant.SessionRules);
    }

    private static Grant Open(SessionRules rules) => AccessRequest.Submit(Given.Question(), Given.Automatic() with { SessionRules = rules }).Grant!;
}
