using JitAccess.Domain.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class ApproverSuggestionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task For_ALevelOfMany_NamesWhoAnsweredHereThenElsewhereThenWhoWasHereLast_NeverOneself()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.ExecuteAsync("""
            insert into people (subject, display_name, groups, roles, attributes, last_seen_at) values
                ('elsewhere', 'Elsewhere', '{leads}', '{}', '{}', now() - interval '9 days'), ('here', 'Here', '{leads}', '{}', '{}', now() - interval '8 days'),
                ('seen', 'Seen', '{leads}', '{}', '{}', now()), ('old', 'Old', '{leads}', '{}', '{}', now() - interval '1 day'),
                ('longago', 'Long ago', '{leads}', '{}', '{}', now() - interval '2 days'),
                ('requester', 'Requester', '{leads}', '{}', '{}', now()), ('other', 'Other', '{others}', '{}', '{}', now())
            """);
        await AnsweredAsync(world, "here", TestNodes.PaymentsApi.Id.Value, 40);
        await AnsweredAsync(world, "elsewhere", TestNodes.DemoLinux.Id.Value, 1);
        await AnsweredAsync(world, "longago", TestNodes.PaymentsApi.Id.Value, 91);

        IReadOnlyList<IReadOnlyList<string>> likely = await world.Here.Get<ApproverSuggestions>().ForAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id,
            [new([new Approver(ApproverKind.Group, "leads")], 1), new([new Approver(ApproverKind.Person, "other"), new Approver(ApproverKind.Group, "nobody")], 1)], Cancellation);

        Assert.Equal(["Here", "Elsewhere", "Seen", "Old", "Long ago"], likely[0]);
        Assert.Equal(["Other"], likely[1]);
        Assert.Empty(await world.Here.Get<ApproverSuggestions>().ForAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, [], Cancellation));
    }

    private static async Task AnsweredAsync(TestWorld world, string subject, string node, int daysAgo)
    {
        Guid id = (await world.Requests.SubmitAsync(TestPeople.New($"asks-{subject}", "jit-requester"), TestNodes.PaymentsApi.Id, new("look"), Cancellation)).RequestId;
        await world.ExecuteAsync($"update requests set node_id = '{node}' where id = '{id}'");
        await world.ExecuteAsync($"""
            insert into reviews (id, request_id, level, reviewer, reviewer_name, answers_for, verdict, comment, at)
            values (gen_random_uuid(), '{id}', 1, '{subject}', '{subject}', 'leads', 'Approve', '', timestamptz '{world.Clock.GetUtcNow().AddDays(-daysAgo):O}')
            """);
    }
}
