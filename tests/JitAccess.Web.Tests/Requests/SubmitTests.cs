using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class SubmitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_ManualPolicy_WaitsWithItsLevelsPinned()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        Submitted submitted = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, new(" look at the queue ", TimeSpan.FromHours(2)), Cancellation);

        AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, submitted.RequestId, Cancellation))!.Request;
        Assert.False(submitted.AlreadyGranted);
        Assert.Equal(RequestStatus.Pending, request.Status);
        Assert.Equal("look at the queue", request.Reason);
        Assert.Equal(TimeSpan.FromHours(2), request.Duration);
        Assert.Equal(TestNodes.PaymentsApi.Tags, request.Tags);
        Assert.Equal(2, request.Levels.Length);
        Assert.Equal(new Approver(ApproverKind.Role, DemoPolicies.ApproverRole), Assert.Single(request.Levels[1].Approvers));
        Assert.Equal(world.Clock.GetUtcNow() + ManualPolicy.DefaultPendingTimeout, request.TimesOutAt);
        Assert.True(request.Number > 0);
        Assert.Equal(6, request.Decision.Answers.Length);
        Assert.Null(request.Grant);
    }

    [Fact]
    public async Task Submit_AutomaticPolicy_OpensTheGrantAtOnceWithAnAutomaticReview()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        Submitted submitted = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation);

        RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Requester, submitted.RequestId, Cancellation))!;
        Assert.Equal(RequestStatus.Approved, details.Request.Status);
        Assert.True(Assert.Single(details.Request.Reviews).IsAutomatic);
        Assert.Equal(world.Clock.GetUtcNow().AddHours(1), details.Grant!.EndsAt);
        Assert.True(details.CanConnect.IsAllowed);
        Assert.True(details.CanReturn.IsAllowed);
    }

    [Fact]
    public async Task Submit_TwiceAtTheSameInstant_StoresOneRequestAndTellsTheOtherOfIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();

        object[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            OutcomeAsync((number % 2 == 0 ? world.Here : other).Get<RequestService>().SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation))));

        Submitted stored = Assert.Single(answers.OfType<Submitted>());
        Assert.Equal(7, answers.OfType<RefusedException>().Count(refusal => refusal.Kind == RefusalKind.Conflict && refusal.RelatedRequestId == stored.RequestId));
        Assert.Equal(1, await world.CountAsync("requests"));
        Assert.Equal(1, await world.CountAsync("audit_entries"));
        Assert.Equal(1, await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Submit_AutomaticTwiceAtTheSameInstant_OpensOneGrantAndAnswersBothWithIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();

        Submitted[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            (number % 2 == 0 ? world.Here : other).Get<RequestService>().SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)));

        Assert.Single(answers.Select(answer => answer.RequestId).Distinct());
        Assert.Single(answers, answer => !answer.AlreadyGranted);
        Assert.Equal(1, await world.CountAsync("grants"));
        Assert.Equal(1, await world.CountAsync("requests"));
        Assert.Equal(1, await world.CountAsync("audit_entries"));
    }

    [Fact]
    public async Task Submit_WhileOneIsPending_IsRefusedWithALinkToIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Submitted first = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation);

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look again"), Cancellation));
        Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look again"), Cancellation);

        Assert.Equal((RefusalKind.Conflict, first.RequestId), (refusal.Kind, refusal.RelatedRequestId));
        Assert.Contains("pending already", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(first.RequestId, preview.PendingRequestId);
        Assert.Equal(refusal.Message, preview.CanSubmit.Message);
        Assert.Equal(1, await world.CountAsync("requests"));
    }

    [Fact]
    public async Task Submit_OtherPeopleAndOtherNodes_DoNotStandInTheWay()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation);

        await world.Requests.SubmitAsync(TestPeople.Stranger, TestNodes.DemoLinux.Id, new("look"), Cancellation);
        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.BuildAgent.Id, new("look"), Cancellation);

        Assert.Equal(3, await world.CountAsync("requests"));
    }

    [Fact]
    public async Task Submit_InsideAnActiveGrant_IsAnsweredWithItAndStoresNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Submitted first = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation);
        IReadOnlyList<string> before = await world.EverythingAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(59));

        Submitted second = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look again"), Cancellation);
        Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look again"), Cancellation);

        Assert.Equal(new Submitted(first.RequestId, AlreadyGranted: true), second);
        Assert.Equal(first.RequestId, preview.ActiveRequestId);
        Assert.Equal(before, await world.EverythingAsync());
    }

    [Fact]
    public async Task Submit_GrantOverdueButItsEndNotWritten_OpensANewOne()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Submitted first = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation);
        world.Clock.Advance(TimeSpan.FromHours(1));

        Submitted second = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look again"), Cancellation);

        Assert.False(second.AlreadyGranted);
        Assert.NotEqual(first.RequestId, second.RequestId);
        Assert.Equal(["", "Expired"], await world.QueryAsync("select coalesce(\"end\", '') from grants order by 1"));
        Assert.Equal(["GrantExpired", "RequestApprovedAutomatically", "RequestApprovedAutomatically"], await world.QueryAsync("select action from audit_entries order by 1"));
    }

    [Theory]
    [InlineData("", RefusalKind.Invalid, "a reason is required")]
    [InlineData(" \t ", RefusalKind.Invalid, "a reason is required")]
    [InlineData(null, RefusalKind.Invalid, "257 characters")]
    public async Task Submit_BadReason_IsRefusedInWordsAndStoresNothing(string? reason, RefusalKind kind, string words)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        IReadOnlyList<string> before = await world.EverythingAsync();

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() =>
            world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new(reason ?? new string('x', 257)), Cancellation));

        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.EverythingAsync());
    }

    [Fact]
    public async Task Submit_ReasonOf256Characters_IsStoredWhole()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new(new string('ü', 256)), Cancellation);

        Assert.Equal([new string('ü', 256)], await world.QueryAsync("select reason from requests"));
    }

    [Theory]
    [InlineData("i-00000000000000001", RefusalKind.NotFound, "No node i-00000000000000001 is known")]
    [InlineData(DefaultWorld.LegacyApp, RefusalKind.Forbidden, "cannot be reached")]
    [InlineData(DefaultWorld.BatchWorker, RefusalKind.Forbidden, "No policy applies")]
    public async Task Submit_NodeThatCannotBeHad_IsRefusedAndNoRequestExists(string nodeId, RefusalKind kind, string words)
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitAsync(TestPeople.Requester, InstanceId.Parse(nodeId), new("look"), Cancellation));

        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.CountAsync("requests"));
        Assert.Equal(kind == RefusalKind.NotFound ? 0 : 1, await world.CountAsync("audit_entries where action = 'RequestRefused'"));
    }

    [Fact]
    public async Task Submit_IamUser_StoresNoRequestButAnAuditEntryWithTheIdentity()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitAsync(TestPeople.IamUser, TestNodes.DemoLinux2.Id, new("look"), Cancellation));

        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
        Assert.Contains("You are signed in as the IAM user iam-user", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("jit-requester", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.CountAsync("requests"));
        Assert.Equal(0, await world.CountAsync("grants"));
        Assert.Equal(["RequestRefused iam-user arn:aws:iam::111111111111:user/iam-user 192.0.2.7"],
            await world.QueryAsync("select action || ' ' || actor || ' ' || actor_identity || ' ' || actor_address from audit_entries"));
    }

    [Theory]
    [InlineData(0, "at least 1 minute")]
    [InlineData(25 * 60, "at most 24 h")]
    public async Task Submit_DurationThatThePolicyDoesNotAllow_IsRefused(int minutes, string words)
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() =>
            world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look", TimeSpan.FromMinutes(minutes)), Cancellation));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.CountAsync("requests"));
    }

    [Fact]
    public async Task Preview_EveryNode_PromisesWhatSubmitThenDoes()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        foreach (Node node in TestNodes.All)
        {
            Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, node.Id, new("look"), Cancellation);
            object outcome = await OutcomeAsync(world.Requests.SubmitAsync(TestPeople.Requester, node.Id, new("look"), Cancellation));
            Assert.Equal(preview.CanSubmit.IsAllowed, outcome is Submitted);
            if (outcome is RefusedException refusal) Assert.Equal(preview.CanSubmit.Message, refusal.Message);
        }
    }

    [Fact]
    public async Task Submit_PoliciesChangeAfterwards_KeepsTheDecisionOfItsVersion()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Submitted submitted = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation);

        await world.PublishAsync(PolicySet.Empty);
        await world.Requests.ApproveAsync(TestPeople.Approver, submitted.RequestId, "", Cancellation);

        RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Requester, submitted.RequestId, Cancellation))!;
        Assert.Equal(RequestStatus.Approved, details.Request.Status);
        Assert.Equal(1, details.Request.Decision.PolicySetVersion);
        Assert.Equal("Demo", details.Request.Decision.DecidedByName);
        Assert.Equal(TimeSpan.FromHours(24), details.Grant!.EndsAt - details.Grant.StartsAt);
    }

    private static async Task<object> OutcomeAsync(Task<Submitted> submit)
    {
        try
        {
            return await submit;
        }
        catch (RefusedException refusal)
        {
            return refusal;
        }
    }
}
