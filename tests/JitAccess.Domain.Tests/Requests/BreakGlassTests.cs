using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class BreakGlassTests(SharedEngine engine)
{
    private static readonly Actor OnCall = Given.Actor("olga", Given.RequesterRole, "on-call");

    private static readonly BreakGlassRule Rule = new() { Groups = ["on-call", "sre"], MaximumHours = 2 };

    private static readonly Decision Decided = Given.NeedsApproval(Given.Level(1, Given.Role("jit-approver")), Given.Level(1, Given.Group("owners"))) with { BreakGlass = Rule };

    private static readonly Actor Owner = Given.Actor("owner", Given.RequesterRole, "owners");

    [Fact]
    public void Submit_ByBreakGlass_OpensAtOnceWithTheLevelsPinnedAndAReviewOwed()
    {
        AccessRequest request = Break();

        Assert.Equal((RequestStatus.Approved, true, true, "Opened by break-glass", 2), (request.Status, request.BrokeGlass, request.OwesReview, request.Described, request.Levels.Length));
        Assert.Equal((Given.Now, Given.Now.AddHours(2), true), (request.Grant!.StartsAt, request.Grant.EndsAt, request.Grant.IsActive(Given.Now)));
        Assert.Equal((0, 0), (request.OpenLevel, request.ReviewCount));
        Assert.Empty(request.OpenApprovers);
        Assert.True(request.CanRevoke(Owner, Given.Now).IsAllowed);
    }

    [Theory]
    [InlineData(null, 120, null)]
    [InlineData(30, 30, null)]
    [InlineData(120, 120, null)]
    [InlineData(121, 0, "“All nodes” opens at most 2 h by break-glass. Choose a shorter duration.")]
    [InlineData(0, 0, "Choose a duration of at least 1 minute.")]
    public void Submit_ByBreakGlass_LastsAsLongAsTheRuleAllowsNotThePolicy(int? minutes, int lasts, string? message)
    {
        AccessQuestion question = Ask() with { Duration = minutes is { } given ? TimeSpan.FromMinutes(given) : null };

        Assert.Equal(message, AccessRequest.CanSubmit(question, Decided).Message);
        if (message is null) Assert.Equal(TimeSpan.FromMinutes(lasts), AccessRequest.Submit(question, Decided).Duration);
        else Assert.Throws<RefusedException>(() => AccessRequest.Submit(question, Decided));
    }

    [Fact]
    public void CanSubmit_ByBreakGlass_IsForTheGroupsOfThePolicyThatDecides()
    {
        Assert.Equal("By “All nodes” only members of on-call or sre may break glass for at most 2 h; you are in none of these groups. Ask for approval instead.",
            AccessRequest.CanSubmit(Ask(Given.Requester), Decided).Message);
        Assert.Equal("“All nodes” lets nobody break glass. Ask for approval instead.", AccessRequest.CanSubmit(Ask(), Decided with { BreakGlass = null }).Message);
        Assert.Equal(RefusalKind.Forbidden, AccessRequest.CanSubmit(Ask(Given.Requester), Decided).Kind);
    }

    [Fact]
    public void CanSubmit_ByBreakGlass_GetsRoundNoOtherRule()
    {
        Decision strict = Decided with { ReasonRule = new ReasonRule { TicketPattern = "OPS-[0-9]+", TicketHint = "OPS-1" } };

        Assert.Equal("“All nodes” asks for a ticket such as OPS-1.", AccessRequest.CanSubmit(Ask(), strict).Message);
        Assert.Equal("Say why you need access: a reason is required, 1 to 256 characters.", AccessRequest.CanSubmit(Ask() with { Reason = " " }, Decided).Message);
        Assert.Equal("Breaking glass opens access now. Leave out the start, or ask for approval.", AccessRequest.CanSubmit(Ask() with { AskedStart = Given.Now.AddHours(1) }, Decided).Message);
        Assert.StartsWith("You are signed in as the IAM user", AccessRequest.CanSubmit(Ask(OnCall with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/olga") }), Decided).Message, StringComparison.Ordinal);
        Assert.Equal("Refused by “Freeze”.", AccessRequest.CanSubmit(Ask(), Decided with { Outcome = DecisionOutcome.Refused, Sentence = "Refused by “Freeze”." }).Message);
    }

    [Fact]
    public void CanReviewBreakGlass_NobodyAboutThemselves_NorAStranger_NorTwice()
    {
        AccessRequest request = Break();
        Actor powerful = OnCall with { Person = OnCall.Person with { Groups = ["owners", "on-call"] }, Roles = [ApplicationRole.Admin] };
        Actor admin = Given.Actor("ada") with { Roles = [ApplicationRole.Admin] };
        Actor auditor = Given.Actor("otto") with { Roles = [ApplicationRole.Auditor] };

        Assert.Equal("You broke this glass. Nobody decides about themselves; somebody else must review it.", request.CanReviewBreakGlass(powerful).Message);
        Assert.Equal(RefusalKind.NotFound, request.CanReviewBreakGlass(Given.Actor("stranger")).Kind);
        Assert.Equal(RefusalKind.Forbidden, request.CanReviewBreakGlass(auditor).Kind);
        Assert.True(request.CanReviewBreakGlass(admin).IsAllowed);
        Assert.False(request.CanReviewBreakGlass(Owner with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/owner") }).IsAllowed);
        Assert.Equal("No glass was broken by this request, so there is nothing to review.", AccessRequest.Submit(Ask() with { BreakGlass = false }, Decided).CanReviewBreakGlass(Owner).Message);

        request.ReviewBreakGlass(Owner, ReviewVerdict.Approve, " It was. ", Given.Now.AddHours(5));

        Assert.Equal("Owner has reviewed this already, at 2026-11-24 13:30 UTC. Your review was not recorded.", request.CanReviewBreakGlass(admin).Message);
        Assert.Equal((false, "owner", "It was.", "owners", 1), (request.OwesReview, request.BreakGlassReview!.Reviewer, request.BreakGlassReview.Comment, request.BreakGlassReview.AnswersFor, request.ReviewCount));
        Assert.Equal("Opened by break-glass", request.Described);
    }

    [Fact]
    public void ReviewBreakGlass_NotJustified_SaysWhyAndEndsNothing()
    {
        AccessRequest request = Break();

        Assert.Equal("Say why it was not justified. The requester and the admins read it.", Assert.Throws<RefusedException>(() => request.ReviewBreakGlass(Owner, ReviewVerdict.Reject, " ", Given.Now)).Message);
        Assert.Throws<RefusedException>(() => request.ReviewBreakGlass(Owner, ReviewVerdict.Approve, new string('x', Review.MaximumCommentLength + 1), Given.Now));
        Assert.True(request.OwesReview);

        request.ReviewBreakGlass(Owner, ReviewVerdict.Reject, "No incident was open.", Given.Now);

        Assert.Equal((RequestStatus.Approved, true), (request.Status, request.Grant!.IsActive(Given.Now)));
    }

    [Fact]
    public void CancelForBreakGlass_PendingRequest_SaysThatItsRequesterWaitsNoLonger()
    {
        AccessRequest waiting = AccessRequest.Submit(Ask() with { BreakGlass = false }, Decided);

        waiting.CancelForBreakGlass(OnCall, Given.Now);

        Assert.Equal((RequestStatus.Cancelled, "Cancelled: glass was broken instead", "Olga broke glass instead of waiting."), (waiting.Status, waiting.Described, waiting.CancelReason));
        Assert.Throws<RefusedException>(() => waiting.CancelForBreakGlass(OnCall, Given.Now));
    }

    [Fact]
    public void Submit_ByBreakGlassWhatAPolicyThenApproves_IsMarkedAndOwesAReviewByAnAdmin()
    {
        AccessRequest request = AccessRequest.Submit(Ask(), Given.Automatic(3));

        Assert.Equal((true, true, TimeSpan.FromHours(3)), (request.BrokeGlass, request.OwesReview, request.Duration));
        Assert.True(request.CanReviewBreakGlass(Given.Actor("ada") with { Roles = [ApplicationRole.Admin] }).IsAllowed);
    }

    [Theory]
    [InlineData(1, true, null)]
    [InlineData(2, true, "Break glass for one node at a time. Remove the others, or ask for approval.")]
    [InlineData(2, false, null)]
    public void CanBeBatch_WithBreakGlass_IsOneNode(int nodes, bool breaksGlass, string? message) =>
        Assert.Equal(message, AccessRequest.CanBeBatch(nodes, breaksGlass).Message);

    [Theory]
    [InlineData("unless { context.request.breakGlass }", false, DecisionOutcome.Refused)]
    [InlineData("unless { context.request.breakGlass }", true, DecisionOutcome.NeedsApproval)]
    [InlineData("when { context.request.breakGlass }", true, DecisionOutcome.Refused)]
    [InlineData("when { context.request.breakGlass }", false, DecisionOutcome.NeedsApproval)]
    public void Decide_PoliciesThatLookAtBreakGlass_SeeIt(string condition, bool breaks, DecisionOutcome expected)
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, Given.Set(
            Given.Deny($"forbid (principal, action, resource) {condition};", "Freeze", DenyEffect.Refuse),
            Given.AllNodes() with { BreakGlass = Rule })), engine.Cedar);
        AccessQuestion question = Ask() with { BreakGlass = breaks };

        Decision decision = evaluator.Decide(question);

        Assert.Equal((expected, expected), (decision.Outcome, evaluator.DecideBriefly(question).Outcome));
        Assert.Equal(expected == DecisionOutcome.NeedsApproval ? Rule : null, decision.BreakGlass);
    }

    private static AccessQuestion Ask(Actor? actor = null) => Given.Question(actor ?? OnCall) with { BreakGlass = true };

    private static AccessRequest Break() => AccessRequest.Submit(Ask(), Decided);
}
