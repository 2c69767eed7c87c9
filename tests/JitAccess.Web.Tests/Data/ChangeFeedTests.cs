using System.Collections.Concurrent;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using JitAccess.Web.Live;

namespace JitAccess.Web.Tests.Data;

public sealed class ChangeFeedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("requests:1", ChangeTopic.Requests, "1", null)]
    [InlineData("nodes:", ChangeTopic.Nodes, "", null)]
    [InlineData("grants:2|[\"person:a|b\",\"group:x\"]", ChangeTopic.Grants, "2", "person:a|b,group:x")]
    public void TryRead_WhatTriggersSend_IsAChangeWithItsAudience(string payload, ChangeTopic topic, string id, string? audience)
    {
        Assert.True(ChangeFeed.TryRead(payload, out Change? change));
        Assert.Equal((topic, id, audience), (change.Topic, change.Id, change.Audience is null ? null : string.Join(',', change.Audience)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("weather:1")]
    [InlineData("requests:1|everybody")]
    public void TryRead_AnythingElse_IsNone(string payload) => Assert.False(ChangeFeed.TryRead(payload, out _));

    [Fact]
    public async Task Change_OfARequest_ConcernsItsRequesterItsApproversAndWhoReadsEverything()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        ConcurrentQueue<Change> seen = [];
        using IDisposable subscription = await ListenAsync(world, seen);

        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        await Until.TrueAsync(() => seen.Any(change => change.Id == id.ToString()), "the submit is announced");
        Change submitted = seen.First(change => change.Id == id.ToString());

        Assert.True(submitted.Concerns(Approver.KeysOf(TestPeople.Requester)));
        Assert.True(submitted.Concerns(Approver.KeysOf(TestPeople.Approver)));
        Assert.False(submitted.Concerns(Approver.KeysOf(TestPeople.Stranger)));
        Assert.True(submitted.Concerns(null));

        seen.Clear();
        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        await Until.TrueAsync(() => seen.Any(change => change.Topic == ChangeTopic.Grants), "the grant is announced");
        Assert.All(seen.Where(change => change.Id != "test"), change => Assert.False(change.Concerns(Approver.KeysOf(TestPeople.Stranger))));
        Assert.All(seen, change => Assert.True(change.Concerns(Approver.KeysOf(TestPeople.Requester))));
    }

    [Fact]
    public async Task Change_WithMoreApproversThanANotificationHolds_IsSavedAndConcernsEverybody()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync([.. TestNodes.All]);
        ApprovalLevel crowd = new([.. Enumerable.Range(0, 5).Select(number => new Approver(ApproverKind.Group, $"{number}{new string('x', 2000)}"))], 1);
        await world.PublishAsync(PolicySet.Empty.With(new ManualPolicy { Id = Guid.NewGuid(), Name = "All", Target = NodeTarget.AllNodes, MaximumHours = 1, Levels = [crowd] }));
        ConcurrentQueue<Change> seen = [];
        using IDisposable subscription = await ListenAsync(world, seen);

        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;

        await Until.TrueAsync(() => seen.Any(change => change.Id == id.ToString()), "the submit is announced");
        Assert.Null(seen.First(change => change.Id == id.ToString()).Audience);
    }

    private static async Task<IDisposable> ListenAsync(TestWorld world, ConcurrentQueue<Change> seen)
    {
        IDisposable subscription = world.Here.Get<LiveChanges>().Subscribe(ChangeTopic.Requests | ChangeTopic.Grants | ChangeTopic.Sessions, change =>
        {
            seen.Enqueue(change);
            return Task.CompletedTask;
        });
        await world.Here.RunAsync<ChangeFeed>();
        await Until.TrueAsync(async () =>
        {
            await world.ExecuteAsync("notify jitaccess_changes, 'requests:test'");
            return seen.Any(change => change.Id == "test");
        }, "the process listens");
        seen.Clear();
        return subscription;
    }
}
