using System.Security.Cryptography;
using System.Text;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Sessions;
using JitAccess.Web.Sessions.Recordings;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Sessions.DataChannel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JitAccess.Web.Tests.Sessions.Recordings;

/// <summary>Sessions with their recordings, on a real database and a channel with a node behind it.</summary>
public sealed class SessionRecordingTests : IAsyncLifetime
{
    private readonly MemoryStore _store = new();
    private TestWorld _world = null!;
    private ChannelServer _node = null!;
    private TestProcess _process = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await TestWorld.CreateAsync();
        _node = await ChannelServer.StartAsync();
        _process = Process();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Session_IsRecorded_AndItsEndStoresHashCommandsAndAudit()
    {
        await _process.RunAsync<SessionKeeper>();
        Guid session = await ConnectAsync();
        _node.Send("$ ");
        await Eventually.TrueAsync(() => _node.UnacknowledgedOutput == 0, "the prompt arrived");
        await _process.Get<SessionService>().EndAsync(TestPeople.Requester, session, Cancellation);
        await UntilClosedAsync(session);

        Recording recording = await RecordingAsync(session);
        Assert.Equal(RecordingEnd.Whole, recording.End);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_store[session])), recording.Sha256);
        Assert.Equal(_store[session].Length, recording.Bytes);
        Assert.Equal(_world.Clock.GetUtcNow().AddDays(365).Date, recording.KeepUntil.Date);
        Assert.Contains(recording.Sha256, Assert.Single(await WhysAsync("RecordingStored")), StringComparison.Ordinal);
        Assert.Contains("$ ", await PlayAsync(TestPeople.Auditor, session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordingThatCannotBeOpened_StartsNoSessionAtAws()
    {
        _store.AppendFailure = new RecordingException("The disk is full.");
        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => ConnectAsync());
        Assert.Equal(RefusalKind.Unavailable, refusal.Kind);
        Assert.Contains("The disk is full.", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_world.Aws.Started);
        Assert.Equal(0, await _world.CountAsync("recordings"));
        Assert.Contains("The disk is full.", Assert.Single(await WhysAsync("SessionFailed")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("End")]
    [InlineData("Continue")]
    public async Task RecordingThatFailsMidway_EndsTheSessionOrIsMarked(string whenItFails)
    {
        TestProcess process = Process(("Recording:WhenItFails", whenItFails));
        await process.RunAsync<SessionKeeper>();
        Guid session = await ConnectAsync(process);
        _store.AppendFailure = new RecordingException("The disk is full.");
        _node.Send("lost");
        await Eventually.TrueAsync(() => _node.UnacknowledgedOutput == 0, "the output arrived");
        if (whenItFails == "Continue")
        {
            await TickAsync(4);
            await using (JitAccessDbContext database = await _world.DatabaseAsync()) Assert.True((await database.Sessions.SingleAsync(Cancellation)).IsLive);
            await process.Get<SessionService>().EndAsync(TestPeople.Requester, session, Cancellation);
        }
        await UntilClosedAsync(session);

        Recording recording = await RecordingAsync(session);
        Assert.Equal(RecordingEnd.Failed, recording.End);
        Assert.Equal("The disk is full.", recording.Failure);
        await using JitAccessDbContext after = await _world.DatabaseAsync();
        Assert.Equal(whenItFails == "End" ? SessionEnd.NotRecorded : SessionEnd.Closed, (await after.Sessions.SingleAsync(Cancellation)).End);
    }

    [Fact]
    public async Task WhatALostProcessLeft_IsClosedByAnother()
    {
        Guid session = await ConnectAsync();
        int empty = _store[session].Length;
        _node.Send("before the crash");
        await Eventually.TrueAsync(() => _node.UnacknowledgedOutput == 0, "the output arrived");
        await TickAsync(2);
        await Eventually.TrueAsync(() => _store[session].Length > empty, "it is stored");
        // The process is lost: nothing of it runs any more. Another one ends the session, and later finds the recording.
        await _world.ExecuteAsync("update sessions set ended_at = started_at + interval '1 minute', \"end\" = 'Failed', end_reason = 'lost'");
        LeftRecordings left = Process().Background<LeftRecordings>();
        await left.DoDueAsync(Cancellation);
        Assert.Null((await RecordingAsync(session)).ClosedAt);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        await left.DoDueAsync(Cancellation);

        Recording recording = await RecordingAsync(session);
        Assert.Equal(RecordingEnd.Interrupted, recording.End);
        Assert.Equal(TimeSpan.FromMinutes(1), recording.Duration);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_store[session])), recording.Sha256);
        Assert.Contains("before the crash", await PlayAsync(TestPeople.Auditor, session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recording_IsPlayedByAuditorsAndItsOwnPersonOnly_EachTimeOnRecord()
    {
        await _process.RunAsync<SessionKeeper>();
        Guid session = await ConnectAsync();
        await _process.Get<SessionService>().EndAsync(TestPeople.Requester, session, Cancellation);
        await UntilClosedAsync(session);

        foreach (Actor actor in new[] { TestPeople.Auditor, TestPeople.Admin, TestPeople.Requester }) Assert.NotEqual("", await PlayAsync(actor, session));
        foreach (Actor stranger in new[] { TestPeople.Approver })
        {
            RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => PlayAsync(stranger, session));
            Assert.Equal(RefusalKind.NotFound, refusal.Kind);
            Assert.Null(await _process.Get<RecordingQueries>().FindAsync(stranger, session, Cancellation));
        }
        Assert.Equal(3, (await WhysAsync("RecordingPlayed")).Count);
    }

    [Fact]
    public async Task RecordingWhoseTimeIsOver_IsDeletedWithItsCommandsAndStaysKnown()
    {
        await _process.RunAsync<SessionKeeper>();
        Guid session = await ConnectAsync();
        await _process.Get<SessionService>().EndAsync(TestPeople.Requester, session, Cancellation);
        await UntilClosedAsync(session);
        await _world.ExecuteAsync("insert into recorded_commands select session_id, 100, interval '1 second', 'ls' from recordings");
        RecordingRetention retention = _process.Background<RecordingRetention>();
        await retention.DoDueAsync(Cancellation);
        Assert.Null((await RecordingAsync(session)).DeletedAt);

        _world.Clock.Advance(TimeSpan.FromDays(366));
        await retention.DoDueAsync(Cancellation);
        Assert.NotNull((await RecordingAsync(session)).DeletedAt);
        Assert.Equal(0, await _world.CountAsync("recorded_commands"));
        Assert.Single(await WhysAsync("RecordingDeleted"));
        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => PlayAsync(TestPeople.Auditor, session));
        Assert.Contains("was deleted on", refusal.Message, StringComparison.Ordinal);
    }

    private TestProcess Process(params (string Name, string Value)[] settings)
    {
        Dictionary<string, string?> all = new() { ["Recording:Off"] = "false", ["Recording:Keys:0"] = Convert.ToBase64String(new byte[32]), ["Recording:Folder"] = Path.GetTempPath() };
        foreach ((string name, string value) in settings) all[name] = value;
        return _world.AnotherProcess(services => services.AddSingleton<IRecordingStore>(_store), all);
    }

    private async Task<Guid> ConnectAsync(TestProcess? process = null)
    {
        _world.Aws.Channel = _node.Address();
        Guid request = (await _world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        await using JitAccessDbContext database = await _world.DatabaseAsync();
        Guid grant = (await database.Grants.SingleAsync(entity => entity.RequestId == request, Cancellation)).Id;
        return await (process ?? _process).Get<SessionService>().ConnectAsync(TestPeople.Requester, grant, Cancellation);
    }

    private async Task<string> PlayAsync(Actor actor, Guid session)
    {
        using MemoryStream cast = new();
        await (await _process.Get<RecordingQueries>().PlayAsync(actor, session, Cancellation))(cast);
        return Encoding.UTF8.GetString(cast.ToArray());
    }

    private async Task<Recording> RecordingAsync(Guid session)
    {
        await using JitAccessDbContext database = await _world.DatabaseAsync();
        return await database.Recordings.SingleAsync(recording => recording.SessionId == session, Cancellation);
    }

    private Task<IReadOnlyList<string>> WhysAsync(string action) => _world.QueryAsync($"select why from audit_entries where action = '{action}'");

    private async Task TickAsync(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(100, Cancellation);
        }
    }

    private async Task UntilClosedAsync(Guid session)
    {
        for (int tries = 0; (await RecordingAsync(session)).ClosedAt is null; tries++)
        {
            Assert.True(tries < 100, "The recording was never closed.");
            await TickAsync(1);
        }
    }
}
