using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

/// <summary>What a policy says of sessions, through every door to the stored grant.</summary>
public sealed class SessionRulesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly SessionRules Rules = new() { IdleTimeout = TimeSpan.FromMinutes(15), TellsWhenWatched = false, RecordingDays = 30, AllowsCredentials = true };

    private static readonly SessionRules Others = new() { IdleTimeout = Hour, NeedsObserver = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_Automatically_StoresTheRulesThatThePreviewSaid()
    {
        await using TestWorld world = await WorldAsync(Automatic(Rules));

        Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation);
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;

        AccessRequest request = await FindAsync(world, id);
        Assert.Equal((Rules, Rules, Rules), (preview.Decision.SessionRules, request.Decision.SessionRules, request.Grant!.SessionRules));
        Assert.Equal(["15 min, false"], await world.QueryAsync("select extract(minutes from (session_rules->>'idleTimeout')::interval) || ' min, ' || (session_rules->>'tellsWhenWatched') from grants"));
    }

    [Fact]
    public async Task Approve_AfterThePolicyChanged_StoresTheRulesOfTheSubmit()
    {
        await using TestWorld world = await WorldAsync(Manual(Rules));
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        await world.PublishAsync(PolicySet.Empty.With(Manual(Others)));

        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);

        Assert.Equal(Rules, (await FindAsync(world, id)).Grant!.SessionRules);
    }

    [Fact]
    public async Task Submit_ByBreakGlass_StoresTheRulesOfThePolicyThatWasPassedOver()
    {
        Actor onCall = TestPeople.Requester with { Person = TestPeople.Requester.Person with { Groups = ["on-call"] } };
        await using TestWorld world = await WorldAsync(Manual(Others) with { BreakGlass = new BreakGlassRule { Groups = ["on-call"] } });

        Guid id = (await world.Requests.SubmitAsync(onCall, TestNodes.DemoLinux.Id, new("The shop is down", BreakGlass: true), Cancellation)).RequestId;

        AccessRequest request = (await world.RequestQueries.FindAsync(onCall, id, Cancellation))!.Request;
        Assert.Equal((true, Others), (request.BrokeGlass, request.Grant!.SessionRules));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Extend_ByAnotherPolicy_StoresTheStricterOfEach(bool isAutomatic)
    {
        await using TestWorld world = await WorldAsync(Automatic(Rules));
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look", Hour), Cancellation)).RequestId;
        Grant grant = (await FindAsync(world, id)).Grant!;
        await world.PublishAsync(PolicySet.Empty.With(isAutomatic ? Automatic(Others) : Manual(Others)));

        ExtensionPreview preview = await world.Requests.PreviewExtensionAsync(TestPeople.Requester, grant.Id, new("not done", Hour), Cancellation);
        Extended extended = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation);
        if (!isAutomatic)
        {
            Assert.Equal(Rules, (await FindAsync(world, id)).Grant!.SessionRules);
            await world.Requests.ApproveAsync(TestPeople.Approver, extended.RequestId, "", Cancellation);
        }

        Grant longer = (await FindAsync(world, id)).Grant!;
        Assert.Equal((Others, grant.EndsAt + Hour), (preview.Decision.SessionRules, longer.EndsAt));
        Assert.Equal(new SessionRules { IdleTimeout = TimeSpan.FromMinutes(15), NeedsObserver = true, RecordingDays = 30 }, longer.SessionRules);
        Assert.Equal(["15 min alone → 15 min with a second person"], await world.QueryAsync($"select {Told("before")} || ' → ' || {Told("after")} from audit_entries where subject = '{extended.RequestId}' and action like 'RequestApproved%'"));

        static string Told(string column) => $"extract(minutes from ({column}::jsonb #>> '{{grantSessionRules,idleTimeout}}')::interval) || case {column}::jsonb #>> '{{grantSessionRules,needsObserver}}' when 'true' then ' min with a second person' else ' min alone' end";
    }

    [Fact]
    public async Task Find_StoredBeforeThereWereRules_HasTheDefaults()
    {
        await using TestWorld world = await WorldAsync(Automatic(Rules));
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        // As the migration leaves a grant, and as a request was stored before it.
        await world.ExecuteAsync("update grants set session_rules = default");
        await world.ExecuteAsync("update requests set decision = decision - 'sessionRules'");

        AccessRequest request = await FindAsync(world, id);

        Assert.Equal((SessionRules.Default, SessionRules.Default), (request.Grant!.SessionRules, request.Decision.SessionRules));
    }

    private static async Task<AccessRequest> FindAsync(TestWorld world, Guid id) => (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;

    private static AutoApprovalPolicy Automatic(SessionRules rules) =>
        new() { Id = Guid.NewGuid(), Name = "At once", MaximumHours = 8, Cedar = "permit (principal, action, resource);", SessionRules = rules };

    private static ManualPolicy Manual(SessionRules rules) => new()
    {
        Id = Guid.NewGuid(),
        Name = "Machines",
        MaximumHours = 24,
        Target = NodeTarget.AllNodes,
        Levels = [new ApprovalLevel([new Approver(ApproverKind.Person, TestPeople.Approver.Subject)], 1)],
        SessionRules = rules,
    };

    private static async Task<TestWorld> WorldAsync(Policy policy)
    {
        TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(PolicySet.Empty.With(policy));
        return world;
    }
}
