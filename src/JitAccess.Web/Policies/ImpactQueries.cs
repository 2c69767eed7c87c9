using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Policies;

/// <summary>Reads whom and what an impact analysis asks about. Not for pages: <see cref="ImpactService"/> asks for the right first.</summary>
public sealed class ImpactQueries(IDbContextFactory<JitAccessDbContext> contexts)
{
    /// <summary>A role for people whose own is not known: it is only asked whether they act under one.</summary>
    private static readonly RoleArn AssumedRole = RoleArn.Parse("arn:aws:iam::000000000000:role/not-known");

    /// <summary>Everybody who has signed in, as their claims said the last time, and every node, taken to be online: an agent that is off today is no work of the policies.</summary>
    internal async Task<ImpactWorld> WorldAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<Actor> people = [];
        int withoutRole = 0;
        await foreach (KnownPerson person in database.People.AsNoTracking().OrderBy(person => person.DisplayName).ThenBy(person => person.Subject).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            people.Add(ActorOf(person, role: null));
            if (person.Roles.IsEmpty) withoutRole++;
        }
        List<Node> nodes = [];
        await foreach (Node node in database.Nodes.AsNoTracking().OrderBy(node => node.Name).ThenBy(node => node.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            nodes.Add(Online(node));
        return new ImpactWorld(people, nodes, withoutRole);
    }

    /// <summary>The requests since an instant, oldest first, with their people and nodes as the world knows them now.</summary>
    internal async Task<IReadOnlyList<PastRequest>> RequestsAsync(ImpactWorld world, DateTimeOffset since, CancellationToken cancellationToken)
    {
        Dictionary<string, Actor> people = world.People.ToDictionary(person => person.Subject, StringComparer.Ordinal);
        Dictionary<InstanceId, Node> nodes = world.Nodes.ToDictionary(node => node.Id);
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<PastRequest> requests = [];
        // The pinned outcome alone, not the whole explanation that is stored with it.
        await foreach (StoredRequest stored in database.Database.SqlQuery<StoredRequest>($"""
            select id, number, requester, requester_name, requester_role, node_id, node_name, submitted_at, reason, duration, broke_glass, decision ->> 'outcome' as outcome,
                   (decision ->> 'maximumHours')::int as maximum_hours,
                   (select coalesce(sum((level ->> 'requiredApprovals')::int), 0)::int from jsonb_array_elements(decision -> 'levels') level) as approvals
            from requests where submitted_at >= {since} order by submitted_at, id
            """).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            requests.Add(stored.AsPast() with
            {
                Actor = people.TryGetValue(stored.Requester, out Actor? person) ? Under(person, stored.RequesterRole) : null,
                Node = InstanceId.TryParse(stored.NodeId, out InstanceId id) ? nodes.GetValueOrDefault(id) : null,
            });
        }
        return requests;
    }

    /// <summary>Somebody who has signed in, as they would act now under the role; without one, under the first that they may act under.</summary>
    internal static Actor ActorOf(KnownPerson person, RoleArn? role) => new()
    {
        Person = person.AsPerson(),
        Identity = new ProvenIdentity.Role(role ?? person.Roles.Select(arn => RoleArn.TryParse(arn, out RoleArn? one) ? one : null).OfType<RoleArn>().FirstOrDefault() ?? AssumedRole),
    };

    internal static Node Online(Node node) => node with { PingStatus = PingStatus.Online };

    private static Actor Under(Actor actor, string arn) => RoleArn.TryParse(arn, out RoleArn? role) ? actor with { Identity = new ProvenIdentity.Role(role) } : actor;

    private sealed record StoredRequest(Guid Id, long Number, string Requester, string RequesterName, string RequesterRole, string NodeId, string NodeName, DateTimeOffset SubmittedAt, string Reason, TimeSpan Duration, bool BrokeGlass, string Outcome, int MaximumHours, int Approvals)
    {
        public PastRequest AsPast()
        {
            DecisionOutcome outcome = Enum.Parse<DecisionOutcome>(Outcome);
            return new PastRequest(Id, Number, RequesterName, NodeName, SubmittedAt, Reason, Duration, outcome, BriefDecision.InWords(outcome, MaximumHours, Approvals)) { BrokeGlass = BrokeGlass };
        }
    }
}

/// <summary>Whom and what an analysis asks about.</summary>
/// <param name="People">The people.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="WithoutRole">How many of the people have no role that is known; they are asked about as if they acted under one.</param>
internal sealed record ImpactWorld(IReadOnlyList<Actor> People, IReadOnlyList<Node> Nodes, int WithoutRole);
