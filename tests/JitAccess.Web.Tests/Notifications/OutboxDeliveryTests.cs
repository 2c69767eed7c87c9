using System.Text.Json;
using JitAccess.Web.Notifications;
using JitAccess.Web.Notifications.Channels;
using JitAccess.Web.Tests.Audit;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Notifications;

public sealed class OutboxDeliveryTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Fact]
    public async Task Webhook_IsSentTheSignedEventOnce()
    {
        await using Stage stage = await Stage.CreateAsync();
        Guid message = await stage.HappenAsync();
        await stage.Process.DeliverAsync();
        await stage.Process.DeliverAsync();

        HttpTape.Asked asked = Assert.Single(stage.Tape.Requests);
        Assert.Equal(("POST", "/events", $"msg_{message:n}"), (asked.Method, asked.Path, asked.Headers["webhook-id"]));
        Assert.Equal(StandardWebhook.Signature(asked.Headers["webhook-id"], stage.World.Clock.GetUtcNow().ToUnixTimeSeconds(), asked.Body, StandardWebhook.KeyOf(TestChannels.Secret)!), asked.Headers["webhook-signature"]);
        JsonElement body = JsonDocument.Parse(asked.Body).RootElement;
        Assert.Equal("request.submitted", body.GetProperty("type").GetString());
        Assert.Equal(stage.World.Clock.GetUtcNow(), body.GetProperty("timestamp").GetDateTimeOffset());
        Assert.StartsWith("https://jit.example.com/requests/", body.GetProperty("data").GetProperty("link").GetString(), StringComparison.Ordinal);
        Assert.Equal(["Delivered"], await stage.StatesAsync());
    }

    [Fact]
    public async Task Failure_IsTriedAgainLater_WithTheSameId()
    {
        await using Stage stage = await Stage.CreateAsync();
        await stage.HappenAsync();
        stage.Tape.Answer = (500, "");
        await stage.Process.DeliverAsync();
        await stage.Process.DeliverAsync();
        Assert.Single(stage.Tape.Requests);
        ChannelView failing = Assert.Single(await stage.Process.Get<ChannelQueries>().ListAsync(TestPeople.Admin, Cancellation));
        Assert.Equal(("webhook:siem", "127.0.0.1", 1, 0, "The webhook at 127.0.0.1 answered 500."), (failing.Name, failing.Place, failing.Waiting, failing.Dead, failing.State!.Error));
        Assert.Equal(["webhook:siem"], await stage.Process.Get<ChannelQueries>().FailingAsync(TestPeople.Admin, Cancellation));

        stage.Tape.Answer = (200, "");
        stage.World.Clock.Advance(TimeSpan.FromSeconds(6));
        await stage.Process.DeliverAsync();
        Assert.Equal(2, stage.Tape.Requests.Count);
        Assert.Equal(stage.Tape.Requests[0].Headers["webhook-id"], stage.Tape.Requests[1].Headers["webhook-id"]);
        Assert.NotEqual(stage.Tape.Requests[0].Headers["webhook-signature"], stage.Tape.Requests[1].Headers["webhook-signature"]);
        Assert.Empty(await stage.Process.Get<ChannelQueries>().FailingAsync(TestPeople.Admin, Cancellation));
    }

    [Theory]
    [InlineData("120", 119, 121)]
    [InlineData("100000", 3599, 3601)]
    [InlineData("Mon, 01 Jun 2026 09:02:00 GMT", 119, 121)]
    public async Task RetryAfter_IsHonoured_WithinAnHour(string header, int tooEarlySeconds, int dueSeconds)
    {
        await using Stage stage = await Stage.CreateAsync();
        await stage.HappenAsync();
        (stage.Tape.Answer, stage.Tape.RetryAfter) = ((429, ""), header);
        await stage.Process.DeliverAsync();
        stage.World.Clock.Advance(TimeSpan.FromSeconds(tooEarlySeconds));
        await stage.Process.DeliverAsync();
        Assert.Single(stage.Tape.Requests);
        stage.World.Clock.Advance(TimeSpan.FromSeconds(dueSeconds - tooEarlySeconds));
        await stage.Process.DeliverAsync();
        Assert.Equal(2, stage.Tape.Requests.Count);
    }

    [Fact]
    public async Task Gone_IsGivenUpAtOnce_AndReplayKeepsTheId()
    {
        await using Stage stage = await Stage.CreateAsync();
        Guid message = await stage.HappenAsync();
        stage.Tape.Answer = (410, "");
        await stage.Process.DeliverAsync();
        DeadDelivery dead = Assert.Single(await stage.Process.Get<ChannelQueries>().DeadAsync(TestPeople.Admin, Cancellation));
        Assert.Equal((1, "The webhook at 127.0.0.1 answered 410: it wants no more messages.", true), (dead.Tries, dead.Error, dead.CanReplay));

        stage.Tape.Answer = (200, "");
        await stage.Process.Get<ChannelService>().ReplayAsync(TestPeople.Admin, dead.Id, Cancellation);
        await stage.Process.DeliverAsync();
        Assert.All(stage.Tape.Requests, asked => Assert.Equal($"msg_{message:n}", asked.Headers["webhook-id"]));
        Assert.Equal(["Delivered"], await stage.StatesAsync());
        Assert.Equal(1, await stage.World.CountAsync("audit_entries where action = 'DeliveryReplayed' and subject = 'webhook:siem'"));
    }

    [Fact]
    public async Task LastTry_AfterADay_IsGivenUp_AndAllAreReplayedTogether()
    {
        await using Stage stage = await Stage.CreateAsync();
        await stage.HappenAsync();
        await stage.HappenAsync();
        stage.Tape.Answer = (503, "");
        for (int tries = 1; tries <= RetrySchedule.Most; tries++)
        {
            Assert.Equal(["Waiting", "Waiting"], await stage.StatesAsync());
            await stage.Process.DeliverAsync();
            stage.World.Clock.Advance(TimeSpan.FromHours(9));
        }
        Assert.Equal(["Dead", "Dead"], await stage.StatesAsync());
        Assert.Equal(2 * RetrySchedule.Most, stage.Tape.Requests.Count);
        await stage.Process.DeliverAsync();
        Assert.Equal(2 * RetrySchedule.Most, stage.Tape.Requests.Count);

        stage.Tape.Answer = (200, "");
        await stage.Process.Get<ChannelService>().ReplayAllAsync(TestPeople.Admin, "webhook:siem", Cancellation);
        await stage.Process.DeliverAsync();
        Assert.Equal(["Delivered", "Delivered"], await stage.StatesAsync());
    }

    [Fact]
    public async Task TwoProcesses_DeliverOnce()
    {
        await using Stage stage = await Stage.CreateAsync();
        TestProcess other = stage.AnotherProcess();
        for (int number = 0; number < 20; number++) await stage.HappenAsync();
        await Task.WhenAll(stage.Process.DeliverAsync(), other.DeliverAsync());
        Assert.Equal(20, stage.Tape.Requests.Count);
        Assert.Equal(20, stage.Tape.Requests.Select(asked => asked.Headers["webhook-id"]).Distinct().Count());
        Assert.All(await stage.StatesAsync(), state => Assert.Equal("Delivered", state));
    }

    [Fact]
    public async Task Claim_OfAProcessThatDied_IsTakenOverWhenItIsOver()
    {
        await using Stage stage = await Stage.CreateAsync();
        await stage.HappenAsync();
        await stage.World.ExecuteAsync($"update deliveries set claimed_until = '{stage.World.Clock.GetUtcNow() + OutboxDelivery.Lease:O}'");
        await stage.Process.DeliverAsync();
        Assert.Empty(stage.Tape.Requests);
        stage.World.Clock.Advance(OutboxDelivery.Lease);
        await stage.Process.DeliverAsync();
        Assert.Single(stage.Tape.Requests);
    }

    [Fact]
    public async Task WhatWasSent_IsRemovedAfterAWeek_WhatCouldNotBeAfterAMonth()
    {
        await using Stage stage = await Stage.CreateAsync();
        await stage.HappenAsync();
        await stage.Process.DeliverAsync();
        stage.Tape.Answer = (410, "");
        await stage.HappenAsync();
        await stage.Process.DeliverAsync();
        OutboxCleaning cleaning = stage.Process.Background<OutboxCleaning>();
        await cleaning.DoDueAsync(Cancellation);
        Assert.Equal(2, await stage.World.CountAsync("outbox"));
        stage.World.Clock.Advance(OutboxCleaning.KeepSent + TimeSpan.FromSeconds(1));
        await cleaning.DoDueAsync(Cancellation);
        Assert.Equal(["Dead"], await stage.StatesAsync());
        Assert.Equal(0, await stage.World.CountAsync("outbox"));
        stage.World.Clock.Advance(OutboxCleaning.KeepDead);
        await cleaning.DoDueAsync(Cancellation);
        Assert.Empty(await stage.StatesAsync());
    }

    /// <summary>An installation with a webhook that arrives on a tape.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private int _people;

        public required TestWorld World { get; init; }

        public required HttpTape Tape { get; init; }

        public required TestProcess Process { get; init; }

        public static async Task<Stage> CreateAsync()
        {
            TestWorld world = await TestWorld.CreateAsync();
            HttpTape tape = await HttpTape.StartAsync();
            return new Stage { World = world, Tape = tape, Process = world.AnotherProcess(settings: TestChannels.Webhook(tape)) };
        }

        public TestProcess AnotherProcess() => World.AnotherProcess(settings: TestChannels.Webhook(Tape));

        /// <summary>Somebody asks for access, and that is routed.</summary>
        /// <returns>The message's id.</returns>
        public async Task<Guid> HappenAsync()
        {
            Guid request = (await World.Requests.SubmitAsync(TestPeople.New($"person-{_people++}", "jit-requester"), TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
            await Process.RouteAsync();
            return Guid.Parse((await World.QueryAsync($"select id from outbox where content ->> 'subject' = '{request}'"))[0]);
        }

        public Task<IReadOnlyList<string>> StatesAsync() => World.QueryAsync("select state from deliveries order by id");

        public async ValueTask DisposeAsync()
        {
            await World.DisposeAsync();
            await Tape.DisposeAsync();
        }
    }
}
