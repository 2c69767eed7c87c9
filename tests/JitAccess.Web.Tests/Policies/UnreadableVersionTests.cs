using JitAccess.Domain;
using JitAccess.Domain.Policies;
using JitAccess.Web.Nodes;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Policies;

/// <summary>A stored version that cannot be read: nobody gets anything by it, admins see why, and can put another in its place.</summary>
public sealed class UnreadableVersionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Damages => new()
    {
        { "'[]'", "it is no policy set." },
        { "'null'", "it is no policy set." },
        { "policies - 'publishNeedsSecondAdmin' || '{\"manual\": 7}'", "the value at manual is missing or of another kind." },
        { "jsonb_set(policies, '{manual,1,maximumHours}', '\"eight\"')", "in the policy “Demo”, the value at manual[1].maximumHours is missing or of another kind." },
        { "policies #- '{manual,1,target}'", "in the policy “Demo”, the value at manual[1] is missing or of another kind." },
        { "jsonb_set(policies, '{denyAccess,0,effect}', '\"Perhaps\"')", "in the policy “No automatic access to restricted data”, the value at denyAccess[0].effect is missing or of another kind." },
        { "jsonb_set(policies, '{denyAccess,0,cedar}', 'null')", "in the policy “No automatic access to restricted data”, the value at denyAccess[0].cedar is missing or of another kind." },
        { "jsonb_set(policies, '{manual,0,levels,0}', 'null')", "the policy “Production” has an empty tag, level or approver." },
        { "jsonb_set(policies, '{manual,0}', 'null')", "an entry that should be a policy is empty." },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task UnreadableVersion_RefusesEverythingAndSaysWhyToAdmins(string damage, string problem)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.ExecuteAsync($"update policy_sets set policies = {damage}");

        Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation);
        Assert.Equal(DecisionOutcome.Refused, preview.Decision.Outcome);
        Assert.Contains("Version 1 of the policies cannot be read. Ask an admin of JitAccess", preview.Decision.Sentence, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation));
        Assert.Equal(0, await world.CountAsync("grants"));
        NodePage nodes = await world.Here.Get<NodeQueries>().ListAsync(TestPeople.Requester, new NodeFilter(), Cancellation);
        Assert.All(nodes.Rows, row => Assert.False(row.Decision?.CanBeRequested));

        CurrentPolicies current = await world.PolicyQueries.CurrentAsync(TestPeople.Auditor, Cancellation);
        Assert.Equal($"Version 1, which is in force, cannot be read: {problem} Every request is refused until another version is published. Roll back to another version, or import the policies.", current.Unreadable);
        Assert.Empty(current.Rows);
        Assert.Equal(problem, (await world.PolicyQueries.VersionAsync(TestPeople.Auditor, 1, Cancellation)).Unreadable);
        Assert.Single(await world.PolicyQueries.VersionsAsync(TestPeople.Auditor, null, Cancellation));
    }

    [Fact]
    public async Task UnreadableVersion_EndsTheConnectingOfOpenGrantsToo()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid request = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        Guid grant = (await world.RequestQueries.FindAsync(TestPeople.Requester, request, Cancellation))!.Grant!.Id;
        await world.PublishAsync(PolicySet.Empty);
        await world.ExecuteAsync("update policy_sets set policies = '{\"manual\": 7}' where number = 2");

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Sessions.ConnectAsync(TestPeople.Requester, grant, Cancellation));

        Assert.Contains("Version 2 of the policies cannot be read", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(world.Aws.Started);
    }

    [Fact]
    public async Task UnreadableVersion_IsMendedByARollBack()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(PolicySet.Empty);
        await world.ExecuteAsync("update policy_sets set policies = '{\"manual\": 7}' where number = 2");

        await Assert.ThrowsAsync<RefusedException>(async () => await world.Policies.SetSecondAdminAsync(TestPeople.Admin, new PolicyRevision(2, null), true, Cancellation));
        PolicyRevision rolledBack = await world.Policies.RollBackAsync(TestPeople.Admin, 1, Cancellation);
        Assert.EndsWith("Publish the draft to mend that.", (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Unreadable, StringComparison.Ordinal);
        await world.Policies.PublishAsync(TestPeople.Admin, rolledBack, "Mended.", Cancellation);

        Assert.Null((await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Unreadable);
        Assert.Equal(DecisionOutcome.Automatic, (await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).Decision.Outcome);
    }

    [Fact]
    public async Task UnreadableVersion_KeepsItsRuleOfTheSecondAdmin()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(new PolicySet { PublishNeedsSecondAdmin = true });
        await world.ExecuteAsync("update policy_sets set policies = policies || '{\"manual\": 7}' where number = 2");
        PolicyRevision rolledBack = await world.Policies.RollBackAsync(TestPeople.Admin, 1, Cancellation);

        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => world.Policies.PublishAsync(TestPeople.Admin, rolledBack, "Mine.", Cancellation))).Kind);
    }

    [Fact]
    public async Task UnreadablePolicy_IsNotedInTheListAndFailsClosed()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.ExecuteAsync("update policy_sets set policies = jsonb_set(policies, '{autoApproval,0,cedar}', '\"permit (principal\"')");

        PolicyRow row = (await world.PolicyQueries.CurrentAsync(TestPeople.Auditor, Cancellation)).Rows.Single(row => row.Policy.Name == "Open nodes");

        Assert.StartsWith("Its Cedar text cannot be read: ", Assert.Single(row.Notes), StringComparison.Ordinal);
        Assert.EndsWith("It matches nobody.", row.Notes[0], StringComparison.Ordinal);
        Assert.NotEqual(DecisionOutcome.Automatic, (await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).Decision.Outcome);
    }

    [Fact]
    public async Task UnreadableDraft_IsShownAndCanBeDiscarded()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision edited = await world.Policies.SetSecondAdminAsync(TestPeople.Admin, new PolicyRevision(1, null), true, Cancellation);
        await world.ExecuteAsync("update policy_draft set policies = '{\"manual\": 7}'");

        Assert.Equal("The draft cannot be read: the value at manual is missing or of another kind. Discard it to go on from version 1.", (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Unreadable);
        Assert.Contains("The draft cannot be read", (await Assert.ThrowsAsync<RefusedException>(() => world.Policies.PublishAsync(TestPeople.Admin, edited, "Try.", Cancellation))).Message, StringComparison.Ordinal);
        await world.Policies.DiscardAsync(TestPeople.Admin, edited, Cancellation);
        Assert.Null((await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Unreadable);
    }
}
