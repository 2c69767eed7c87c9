using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Nodes;

/// <summary>Reads nodes. Everybody who is signed in may see which nodes there are; what they would get is said beside each.</summary>
public sealed class NodeQueries(IDbContextFactory<JitAccessDbContext> contexts, PolicyStore policies, CedarEngine engine, TimeProvider time)
{
    /// <summary>A page of nodes, by name.</summary>
    public async Task<NodePage> ListAsync(Actor actor, NodeFilter filter, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<Node> nodes = Filtered(database.Nodes.AsNoTracking(), filter);
        int total = await nodes.CountAsync(cancellationToken);
        if (InstanceId.TryParse(filter.After, out InstanceId after) && await FindAsync(after, cancellationToken) is { } last)
            nodes = nodes.Where(node => EF.Functions.GreaterThan(ValueTuple.Create(node.Name, node.Id), ValueTuple.Create(last.Name, last.Id)));
        List<Node> page = await nodes.OrderBy(node => node.Name).ThenBy(node => node.Id).Take(filter.Take + 1).ToListAsync(cancellationToken);
        bool more = page.Count > filter.Take;
        if (more) page.RemoveAt(filter.Take);
        return new NodePage(await RowsAsync(database, actor, page, cancellationToken), total, more ? page[^1].Id.Value : null);
    }

    /// <summary>One node; null if it is not known.</summary>
    public async Task<Node?> FindAsync(InstanceId id, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Nodes.AsNoTracking().SingleOrDefaultAsync(node => node.Id == id, cancellationToken);
    }

    /// <summary>One node with what the actor would get; null if it is not known.</summary>
    public async Task<NodeRow?> FindAsync(Actor actor, InstanceId id, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Node? node = await database.Nodes.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == id, cancellationToken);
        return node is null ? null : (await RowsAsync(database, actor, [node], cancellationToken))[0];
    }

    /// <summary>The nodes that the actor asked for last, newest first.</summary>
    public async Task<IReadOnlyList<RecentNode>> RecentAsync(Actor actor, int take, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<InstanceId> recent = await database.Requests.AsNoTracking().IgnoreAutoIncludes().Where(request => request.Requester == actor.Subject)
            .GroupBy(request => request.NodeId).Select(group => new { Id = group.Key, Last = group.Max(request => request.Number) })
            .OrderByDescending(one => one.Last).Take(take).Select(one => one.Id).ToListAsync(cancellationToken);
        List<Node> nodes = await database.Nodes.AsNoTracking().Where(node => recent.Contains(node.Id)).ToListAsync(cancellationToken);
        Dictionary<InstanceId, DateTimeOffset> sessions = await database.Sessions.AsNoTracking()
            .Where(session => session.Holder == actor.Subject && recent.Contains(session.NodeId))
            .GroupBy(session => session.NodeId).Select(group => new { group.Key, Last = group.Max(session => session.StartedAt) })
            .ToDictionaryAsync(one => one.Key, one => one.Last, cancellationToken);
        IReadOnlyList<NodeRow> rows = await RowsAsync(database, actor, [.. nodes.OrderBy(node => recent.IndexOf(node.Id))], cancellationToken);
        return [.. rows.Select(row => new RecentNode(row, sessions.TryGetValue(row.Node.Id, out DateTimeOffset last) ? last : null))];
    }

    /// <summary>How reading each account and Region went the last time.</summary>
    public async Task<IReadOnlyList<NodeSource>> SourcesAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.NodeSources.AsNoTracking().OrderBy(source => source.Account).ThenBy(source => source.Region).ToListAsync(cancellationToken);
    }

    /// <summary>What the nodes can be filtered by.</summary>
    public async Task<NodeFacets> FacetsAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        var places = await database.Nodes.AsNoTracking().Select(node => new { node.Account, node.Region, node.Platform }).Distinct().ToListAsync(cancellationToken);
        static IReadOnlyList<string> Sorted(IEnumerable<string> values) => [.. values.Distinct().Order(StringComparer.Ordinal)];
        return new NodeFacets(Sorted(places.Select(place => place.Account.Value)), Sorted(places.Select(place => place.Region)), Sorted(places.Select(place => place.Platform)));
    }

    /// <summary>The nodes' tag keys, each with the values that nodes have.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> TagsAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        var tags = await database.Nodes.AsNoTracking().Select(node => node.Tags).ToListAsync(cancellationToken);
        return tags.SelectMany(one => one).GroupBy(tag => tag.Key).OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(tag => tag.Value).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The nodes that a policy's target matches now.</summary>
    public async Task<NodeMatches> MatchingAsync(NodeTarget target, int take, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        // The rule itself judges, not a copy of it in SQL; the nodes of an installation fit in memory many times over.
        List<Node> matching = [.. (await database.Nodes.AsNoTracking().OrderBy(node => node.Name).ToListAsync(cancellationToken)).Where(target.Matches)];
        return new NodeMatches(matching.Count, [.. matching.Take(take)]);
    }

    /// <summary>The nodes that a Cedar policy matches when the actor asks now.</summary>
    public async Task<NodeMatches> MatchingAsync(Actor actor, Policy policy, int take, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<Node> nodes = await database.Nodes.AsNoTracking().OrderBy(node => node.Name).ToListAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        // Deciding for every node takes its time: not on the page's own thread.
        return await Task.Run(() =>
        {
            PolicyEvaluator evaluator = new(new PolicySetVersion(0, PolicySet.Empty.With(policy with { Enabled = true })), engine);
            List<Node> matching = [];
            foreach (Node node in nodes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (evaluator.Decide(new AccessQuestion(actor, node, now, "")).Answers.Any(answer => answer.Verdict != PolicyVerdict.DoesNotMatch)) matching.Add(node);
            }
            return new NodeMatches(matching.Count, [.. matching.Take(take)]);
        }, cancellationToken);
    }

    private static IQueryable<Node> Filtered(IQueryable<Node> nodes, NodeFilter filter)
    {
        if (AccountId.TryParse(filter.Account, out AccountId account)) nodes = nodes.Where(node => node.Account == account);
        if (!string.IsNullOrEmpty(filter.Region)) nodes = nodes.Where(node => node.Region == filter.Region);
        if (!string.IsNullOrEmpty(filter.Platform)) nodes = nodes.Where(node => node.Platform == filter.Platform);
        if (filter.Online is { } online) nodes = nodes.Where(node => node.PingStatus == PingStatus.Online == online);
        if (!string.IsNullOrEmpty(filter.Tag))
        {
            string[] pair = filter.Tag.Split('=', 2);
            Dictionary<string, string> tag = new() { [pair[0]] = pair.Length > 1 ? pair[1] : "" };
            string json = System.Text.Json.JsonSerializer.Serialize(tag);
            nodes = nodes.Where(node => EF.Functions.JsonContains(node.Tags, json));
        }
        foreach (string word in (filter.Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(8))
        {
            string pattern = LikePattern.Containing(word);
            nodes = nodes.Where(node => EF.Functions.ILike(node.Name, pattern)
                || EF.Functions.ILike((string)(object)node.Id, pattern)
                || EF.Functions.ILike((string)(object)node.Account, pattern)
                || EF.Functions.ILike(node.Region, pattern)
                || EF.Functions.ILike(JitAccessDbContext.TagText(node.Tags), pattern));
        }
        return nodes;
    }

    private async Task<IReadOnlyList<NodeRow>> RowsAsync(JitAccessDbContext database, Actor actor, List<Node> nodes, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        PolicyEvaluator evaluator = await policies.CurrentAsync(database, cancellationToken);
        InstanceId[] ids = [.. nodes.Select(node => node.Id)];
        // Of several grants for one node the one that lasts longest is connected with.
        var grants = (await database.Grants.AsNoTracking()
            .Where(grant => grant.Holder == actor.Subject && ids.Contains(grant.NodeId) && grant.EndedAt == null && grant.ActivatedAt != null && grant.StartsAt <= now && grant.EndsAt > now)
            .ToListAsync(cancellationToken)).GroupBy(grant => grant.NodeId).ToDictionary(same => same.Key, same => same.MaxBy(grant => grant.EndsAt)!);
        Dictionary<InstanceId, Guid> pending = await database.Requests.AsNoTracking().IgnoreAutoIncludes()
            .Where(request => request.Requester == actor.Subject && ids.Contains(request.NodeId) && request.Status == RequestStatus.Pending)
            .ToDictionaryAsync(request => request.NodeId, request => request.Id, cancellationToken);
        return [.. nodes.Select(node => new NodeRow(node, evaluator.Decide(new AccessQuestion(actor, node, now, "")),
            grants.GetValueOrDefault(node.Id)?.Id, grants.GetValueOrDefault(node.Id)?.RequestId, pending.TryGetValue(node.Id, out Guid request) ? request : null))];
    }
}
