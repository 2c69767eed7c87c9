using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class BatchTests
{
    private static readonly InstanceId[] Three = [TestNodes.DemoLinux.Id, TestNodes.PaymentsApi.Id, TestNodes.DemoLinux2.Id];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitBatch_OneNodeThatIsRefused_TakesNoneOfTheOthersWithIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid batch = Guid.CreateVersion7();

        IReadOnlyList<BatchSubmitted> answers = await world.Requests.SubmitBatchAsync(TestPeople.Requester, batch,
            [TestNodes.DemoLinux.Id, TestNodes.BatchWorker.Id, TestNodes.DemoLinux2.Id], new("look", TimeSpan.FromHours(1)), Cancellation);

        Assert.Equal([true, false, true], answers.Select(answer => answer.IsInBatch));
        Assert.Equal(RefusalKind.Forbidden, Assert.IsType<RefusedException>(answers[1].Failure).Kind);
        BatchDetails details = (await world.RequestQueries.FindBatchAsync(TestPeople.Requester, batch, Cancellation))!;
        Assert.Equal([(TestNodes.DemoLinux.Id, RequestStatus.Pending), (TestNodes.DemoLinux2.Id, RequestStatus.Approved)], details.Members.Select(member => (member.Request.NodeId, member.Request.Status)));
        Assert.Equal((true, true), (details.Members[0].CanCancel.IsAllowed, details.Members[1].CanConnect.IsAllowed));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
        Assert.Equal(1, await world.CountAsync("audit_entries where action = 'RequestRefused'"));
    }

    [Fact]
    public async Task SubmitBatch_TwiceAtTheSameInstantAndOnceMore_MakesOneRequestPerNode()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        Guid batch = Guid.CreateVersion7();

        IReadOnlyList<BatchSubmitted>[] both = await Task.WhenAll(
            Task.Run(() => world.Requests.SubmitBatchAsync(TestPeople.Requester, batch, Three, new("look"), Cancellation), Cancellation),
            Task.Run(() => other.Get<RequestService>().SubmitBatchAsync(TestPeople.Requester, batch, Three, new("look"), Cancellation), Cancellation));
        IReadOnlyList<BatchSubmitted> again = await world.Requests.SubmitBatchAsync(TestPeople.Requester, batch, Three, new("look"), Cancellation);

        Assert.Equal(3, await world.CountAsync("requests"));
        Assert.All(both.Append(again), answers => Assert.All(answers, answer => Assert.Equal((true, null), (answer.IsInBatch, answer.Failure))));
        Assert.Equal(again.Select(answer => answer.RequestId), both[0].Select(answer => answer.RequestId));
        Assert.Equal(again.Select(answer => answer.RequestId), both[1].Select(answer => answer.RequestId));
    }

    [Fact]
    public async Task SubmitBatch_NodeThatWaitsAlready_IsAnsweredWithThatRequest()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid earlier = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        Guid batch = Guid.CreateVersion7();

        IReadOnlyList<BatchSubmitted> answers = await world.Requests.SubmitBatchAsync(TestPeople.Requester, batch, Three, new("look"), Cancellation);

        Assert.Equal((earlier, false), (answers[0].RequestId, answers[0].IsInBatch));
        Assert.Equal(earlier, Assert.IsType<RefusedException>(answers[0].Failure).RelatedRequestId);
        Assert.Equal(2, (await world.RequestQueries.FindBatchAsync(TestPeople.Requester, batch, Cancellation))!.Members.Count);
    }

    [Theory]
    [InlineData(0, "Choose at least one node.")]
    [InlineData(21, "21 nodes are chosen; at most 20 can be asked for together. Remove 1 and ask for them afterwards.")]
    public async Task SubmitBatch_NoneOrTooMany_IsRefusedBeforeAnythingIsStored(int nodes, string words)
    {
        await using TestWorld world = await TestWorld.CreateAsync();

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitBatchAsync(TestPeople.Requester, Guid.CreateVersion7(),
            [.. Enumerable.Range(1, nodes).Select(number => TestNodes.Numbered(number).Id)], new("look"), Cancellation));

        Assert.Equal((RefusalKind.Invalid, words), (refusal.Kind, refusal.Message));
        Assert.Equal(0, await world.CountAsync("requests"));
    }

    [Fact]
    public async Task FindBatch_SomebodyWhoIsNotAsked_SeesNone()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid batch = Guid.CreateVersion7();
        await world.Requests.SubmitBatchAsync(TestPeople.Requester, batch, Three, new("look"), Cancellation);

        Assert.Null(await world.RequestQueries.FindBatchAsync(TestPeople.Stranger, batch, Cancellation));
        Assert.Null(await world.RequestQueries.FindBatchAsync(TestPeople.Requester, Guid.CreateVersion7(), Cancellation));
        // The automatic one names no approver, so it is not theirs to see.
        Assert.Equal(2, (await world.RequestQueries.FindBatchAsync(TestPeople.Approver, batch, Cancellation))!.Members.Count);
    }

    [Fact]
    public async Task AnswerMany_OneCancelledMeanwhile_RecordsTheOthersAndSaysWhy()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        IReadOnlyList<Guid> ids = await SubmitTwoAsync(world);
        await world.Requests.CancelAsync(TestPeople.Requester, ids[0], Cancellation);

        IReadOnlyList<Answered> results = await world.Requests.AnswerManyAsync(TestPeople.Approver, ids, ReviewVerdict.Approve, "fine", Cancellation);

        Assert.Equal(ids, results.Select(result => result.RequestId));
        Assert.Equal("Cancelled by requester at 09:00 UTC. Your review was not recorded.", results[0].Failure!.Message);
        Assert.Null(results[1].Failure);
        Assert.Equal(["fine"], await world.QueryAsync("select comment from reviews where reviewer is not null"));
    }

    [Fact]
    public async Task AnswerMany_TwoPeopleAtTheSameInstant_EachRequestHasOneOutcome()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 0; round < 10; round++)
        {
            Guid id = (await world.Requests.SubmitAsync(TestPeople.New($"requester{round}", "jit-requester"), TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
            Guid second = (await world.Requests.SubmitAsync(TestPeople.New($"requester{round}", "jit-requester"), TestNodes.PaymentsApi.Id, new("look"), Cancellation)).RequestId;

            IReadOnlyList<Answered>[] both = await Task.WhenAll(
                Task.Run(() => world.Requests.AnswerManyAsync(TestPeople.Approver, [id, second], ReviewVerdict.Approve, "", Cancellation), Cancellation),
                Task.Run(() => other.Get<RequestService>().AnswerManyAsync(TestPeople.Approver2, [second, id], ReviewVerdict.Approve, "", Cancellation), Cancellation));

            // One approval is enough for the first, the second takes both.
            Assert.IsType<RefusedException>(Assert.Single(both.SelectMany(results => results), result => result.Failure is not null).Failure);
        }

        Assert.Equal(20, await world.CountAsync("grants"));
        Assert.Equal(10, await world.CountAsync("audit_entries where action = 'ReviewRefused'"));
    }

    [Fact]
    public async Task CancelMany_SomebodyElses_IsRefusedOneByOne()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        IReadOnlyList<Guid> ids = await SubmitTwoAsync(world);

        IReadOnlyList<Answered> foreign = await world.Requests.CancelManyAsync(TestPeople.Approver, ids, Cancellation);
        IReadOnlyList<Answered> own = await world.Requests.CancelManyAsync(TestPeople.Requester, ids, Cancellation);

        Assert.All(foreign, result => Assert.Equal(RefusalKind.Forbidden, Assert.IsType<RefusedException>(result.Failure).Kind));
        Assert.All(own, result => Assert.Null(result.Failure));
        Assert.Equal(["Cancelled", "Cancelled"], await world.QueryAsync("select status from requests"));
        Assert.Equal(2, await world.CountAsync("audit_entries where action = 'CancelRefused'"));
    }

    private static async Task<IReadOnlyList<Guid>> SubmitTwoAsync(TestWorld world)
    {
        IReadOnlyList<BatchSubmitted> answers = await world.Requests.SubmitBatchAsync(TestPeople.Requester, Guid.CreateVersion7(), [TestNodes.DemoLinux.Id, TestNodes.PaymentsApi.Id], new("look"), Cancellation);
        return [.. answers.Select(answer => answer.RequestId!.Value)];
    }
}
