using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

/// <summary>What a policy asks of reason and ticket, through every door.</summary>
public sealed class ReasonRuleTests
{
    private const string Asked = "“Machines” asks for a ticket such as OPS-1234.";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly ReasonRule Rule = new() { MinimumLength = 4, TicketPattern = @"OPS-\d+", TicketHint = "OPS-1234" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("look", null, Asked)]
    [InlineData("look", "INC-1", "“Machines” asks for a ticket such as OPS-1234; “INC-1” is none.")]
    [InlineData("no", "OPS-1", "“Machines” asks for a reason of at least 4 characters; this one has 2. Say more.")]
    [InlineData("look", "OPS-1\0", "The ticket has a character that no ticket number has, such as a line break. Write its number alone.")]
    public async Task Submit_NotWhatThePolicyAsksFor_IsRefusedInWordsAsThePreviewSaidAndStoresNothing(string reason, string? ticket, string words)
    {
        await using TestWorld world = await WorldAsync(isAutomatic: false);
        IReadOnlyList<string> before = await world.EverythingAsync();

        Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new(reason, Ticket: ticket), Cancellation);
        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new(reason, Ticket: ticket), Cancellation));

        Assert.Equal((RefusalKind.Invalid, words, words), (refusal.Kind, refusal.Message, preview.CanSubmit.Message));
        Assert.Equal(Rule, preview.Decision.ReasonRule);
        Assert.Equal(before, await world.EverythingAsync());
    }

    [Fact]
    public async Task Submit_WithTheTicket_StoresItAndTheRuleOfThatDay()
    {
        await using TestWorld world = await WorldAsync(isAutomatic: false);

        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look", Ticket: " OPS-7 "), Cancellation)).RequestId;
        await world.PublishAsync(PolicySet.Empty.With(Manual with { ReasonRule = null }));

        AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
        Assert.Equal(("OPS-7", Rule), (request.Ticket, request.Decision.ReasonRule));
        Assert.Equal("OPS-7", Assert.Single((await world.RequestQueries.ForApprovalAsync(TestPeople.Approver, ApprovalView.WaitingForMe, null, Cancellation)).Rows).Request.Ticket);
        Assert.EndsWith("Reason given: look Ticket: OPS-7", Assert.Single(await world.QueryAsync("select why from audit_entries where action = 'RequestSubmitted'")), StringComparison.Ordinal);
        await world.Requests.CancelAsync(TestPeople.Requester, id, Cancellation);
        Assert.Equal("OPS-7", (await world.RequestQueries.FindToAskAgainAsync(TestPeople.Requester, id, Cancellation))!.Ticket);
    }

    [Fact]
    public async Task Submit_WithoutARule_NeedsNoTicketButKeepsOne()
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation);
        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, new("look", Ticket: "any 1"), Cancellation);

        Assert.Equal(["", "any 1"], await world.QueryAsync("select ticket from requests order by number"));
    }

    [Fact]
    public async Task SubmitBatch_WithoutTheTicket_IsRefusedForEachNode()
    {
        await using TestWorld world = await WorldAsync(isAutomatic: true);
        Guid batch = Guid.CreateVersion7();

        IReadOnlyList<BatchSubmitted> refused = await world.Requests.SubmitBatchAsync(TestPeople.Requester, batch, [TestNodes.DemoLinux.Id, TestNodes.DemoLinux2.Id], new("look"), Cancellation);

        Assert.All(refused, answer => Assert.Equal(Asked, Assert.IsType<RefusedException>(answer.Failure).Message));
        Assert.Equal(0, await world.CountAsync("requests"));
        IReadOnlyList<BatchSubmitted> stored = await world.Requests.SubmitBatchAsync(TestPeople.Requester, batch, [TestNodes.DemoLinux.Id, TestNodes.DemoLinux2.Id], new("look", Ticket: "OPS-7"), Cancellation);
        Assert.All(stored, answer => Assert.Null(answer.Failure));
        Assert.Equal(["OPS-7", "OPS-7"], await world.QueryAsync("select ticket from requests"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Extend_WithoutTheTicket_IsRefusedAndTheGrantEndsAsBefore(bool isAutomatic)
    {
        await using TestWorld world = await WorldAsync(isAutomatic);
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look", Hour, Ticket: "OPS-7"), Cancellation)).RequestId;
        if (!isAutomatic) await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        Grant grant = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Grant!;
        world.Clock.Advance(TimeSpan.FromMinutes(50));
        IReadOnlyList<string> before = await world.EverythingAsync();

        ExtensionPreview preview = await world.Requests.PreviewExtensionAsync(TestPeople.Requester, grant.Id, new("not done", Hour), Cancellation);
        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation));

        Assert.Equal((RefusalKind.Invalid, Asked, Asked), (refusal.Kind, refusal.Message, preview.CanExtend.Message));
        Assert.Equal(before, await world.EverythingAsync());
        Extended extended = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour, Ticket: "OPS-8"), Cancellation);
        Assert.Equal((isAutomatic, "OPS-8"), (extended.IsApproved, (await world.RequestQueries.FindAsync(TestPeople.Requester, extended.RequestId, Cancellation))!.Request.Ticket));
    }

    private static ManualPolicy Manual => new()
    {
        Id = Guid.NewGuid(),
        Name = "Machines",
        MaximumHours = 24,
        Target = NodeTarget.AllNodes,
        Levels = [new ApprovalLevel([new Approver(ApproverKind.Person, TestPeople.Approver.Subject)], 1)],
        ReasonRule = Rule,
    };

    private static async Task<TestWorld> WorldAsync(bool isAutomatic)
    {
        TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(PolicySet.Empty.With(isAutomatic
            ? new AutoApprovalPolicy { Id = Guid.NewGuid(), Name = "Machines", MaximumHours = 8, Cedar = "permit (principal, action, resource);", ReasonRule = Rule }
            : Manual));
        return world;
    }
}
