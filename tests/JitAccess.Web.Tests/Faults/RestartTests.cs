using System.Collections.Concurrent;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Postgres;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Faults;

/// <summary>Postgres goes away and comes back while people work.</summary>
public sealed class RestartTests
{
    private const int AtOnce = 8;

    [Fact]
    public async Task Restart_UnderLoad_KeepsEveryAnsweredRequestAndEveryFailedOneSaidSo()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = true }, TestWorld.Cancellation);
        await using TestWorld world = await TestWorld.CreateOnAsync(server);
        ConcurrentDictionary<string, Guid> answered = [];
        ConcurrentBag<string> failed = [];
        int people = 0;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(TestWorld.Cancellation);

        Task[] load = [.. Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                Actor person = TestPeople.New($"person-{Interlocked.Increment(ref people)}", "jit-requester");
                try
                {
                    answered[person.Subject] = (await world.Requests.SubmitAsync(person, TestNodes.DemoLinux.Id, new("look"), TestWorld.Cancellation)).RequestId;
                }
                catch (Exception exception) when (exception is not RefusedException)
                {
                    failed.Add(person.Subject);
                }
            }
        }, TestWorld.Cancellation))];
        await Until.TrueAsync(() => answered.Count > 50, "people work");
        await server.RestartAsync(TestWorld.Cancellation);
        int before = answered.Count;
        await Until.TrueAsync(() => answered.Count > before + 50, "people work on");
        await enough.CancelAsync();
        await Task.WhenAll(load);

        Assert.NotEmpty(failed);
        IReadOnlyList<string> stored = await world.QueryAsync("select requester || ' ' || id from requests");
        Assert.Empty(answered.Select(one => $"{one.Key} {one.Value}").Except(stored));
        // Whoever was not answered may have been heard: the commit came, the answer did not. Asking again tells, and makes no second request.
        Assert.Empty(stored.Select(row => row.Split(' ')[0]).Except(answered.Keys).Except(failed));
        foreach (string subject in failed)
        {
            bool isStored = stored.Any(row => row.StartsWith($"{subject} ", StringComparison.Ordinal));
            Task<Submitted> again = world.Requests.SubmitAsync(TestPeople.New(subject, "jit-requester"), TestNodes.DemoLinux.Id, new("look"), TestWorld.Cancellation);
            if (isStored) Assert.NotNull((await Assert.ThrowsAsync<RefusedException>(() => again)).RelatedRequestId);
            else await again;
        }
        Assert.Equal(["0"], await world.QueryAsync("select count(*) from requests r where (select count(*) from audit_entries where subject = r.id::text) <> 1 or (select count(*) from outbox where content ->> 'subject' = r.id::text) <> 1"));
        Assert.Equal(people, await world.CountAsync("requests"));
    }
}
