using System.Collections.Concurrent;
using System.Collections.Immutable;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using Node = JitAccess.Domain.Nodes.Node;

namespace JitAccess.Web.Aws;

/// <summary>Joins what SSM knows of the nodes with their tags, which EC2 keeps for instances and SSM for hybrid nodes.</summary>
internal sealed class NodeReader(AwsClients clients, ILogger<NodeReader> log) : INodeReader
{
    private const int NodesPerPage = 50;
    private const int TagsPerPage = 1000;
    private const int IdsPerFilter = 200;

    // SSM allows few ListTagsForResource calls a second, and answers for one node at a time.
    private const int HybridNodesAtOnce = 4;

    public async Task<IReadOnlyList<Node>> ReadAsync(AwsPlace place, CancellationToken cancellationToken)
    {
        RoleArn role = clients.AccessRole(place.Account).Role;
        Dictionary<InstanceId, InstanceInformation> machines = await ReadMachinesAsync(place, role, cancellationToken);
        Dictionary<InstanceId, ImmutableSortedDictionary<string, string>> tags =
            await ReadInstanceTagsAsync(place, role, [.. machines.Keys.Where(id => !id.IsHybrid)], cancellationToken);
        foreach ((InstanceId id, ImmutableSortedDictionary<string, string>? found) in
            await ReadHybridTagsAsync(place, role, machines.Keys.Where(id => id.IsHybrid), cancellationToken))
        {
            if (found is null) machines.Remove(id);
            else tags[id] = found;
        }

        return [.. machines.Select(machine => ToNode(machine.Key, machine.Value, tags.GetValueOrDefault(machine.Key, Node.NoTags), place))];
    }

    internal static Node ToNode(InstanceId id, InstanceInformation machine, ImmutableSortedDictionary<string, string> tags, AwsPlace place) => new()
    {
        Id = id,
        Account = place.Account,
        Region = place.Region,
        Name = FirstGiven(tags.GetValueOrDefault("Name"), machine.Name, machine.ComputerName) ?? id.Value,
        Platform = FirstGiven(machine.PlatformType?.Value) ?? "Unknown",
        PlatformName = string.Join(' ', new[] { machine.PlatformName, machine.PlatformVersion }.Where(part => !string.IsNullOrWhiteSpace(part))),
        AgentVersion = machine.AgentVersion ?? "",
        PingStatus = ToPingStatus(machine.PingStatus?.Value),
        LastPingAt = machine.LastPingDateTime is { } at ? new DateTimeOffset(at.ToUniversalTime()) : null,
        Tags = tags,
    };

    // A state that we do not know is not one in which somebody could connect.
    private static PingStatus ToPingStatus(string? status) => status switch
    {
        "Online" => PingStatus.Online,
        "ConnectionLost" => PingStatus.ConnectionLost,
        _ => PingStatus.Inactive,
    };

    private static string? FirstGiven(params ReadOnlySpan<string?> candidates)
    {
        foreach (string? candidate in candidates)
            if (!string.IsNullOrWhiteSpace(candidate)) return candidate;
        return null;
    }

    private async Task<Dictionary<InstanceId, InstanceInformation>> ReadMachinesAsync(AwsPlace place, RoleArn role, CancellationToken cancellationToken)
    {
        AwsCall call = new("ssm:DescribeInstanceInformation", place, role);
        Dictionary<InstanceId, InstanceInformation> machines = [];
        string? next = null;
        do
        {
            DescribeInstanceInformationRequest request = new() { MaxResults = NodesPerPage, NextToken = next };
            DescribeInstanceInformationResponse page = await call.AskAsync(
                token => clients.Ssm(place).DescribeInstanceInformationAsync(request, token), cancellationToken);
            foreach (InstanceInformation machine in page.InstanceInformationList ?? [])
            {
                // A node that registers between two pages may be on both.
                if (InstanceId.TryParse(machine.InstanceId, out InstanceId id)) machines[id] = machine;
                else log.LogWarning("Systems Manager lists {InstanceId} in account {Account}, {Region}, which is not the id of a node; it is left out.", machine.InstanceId, place.Account, place.Region);
            }

            next = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next));
        return machines;
    }

    private async Task<Dictionary<InstanceId, ImmutableSortedDictionary<string, string>>> ReadInstanceTagsAsync(
        AwsPlace place, RoleArn role, IReadOnlyCollection<InstanceId> instances, CancellationToken cancellationToken)
    {
        AwsCall call = new("ec2:DescribeTags", place, role);
        List<TagDescription> found = [];
        foreach (InstanceId[] chunk in instances.Chunk(IdsPerFilter))
        {
            string? next = null;
            do
            {
                DescribeTagsRequest request = new()
                {
                    MaxResults = TagsPerPage,
                    NextToken = next,
                    Filters = [new("resource-type", ["instance"]), new("resource-id", [.. chunk.Select(id => id.Value)])],
                };
                DescribeTagsResponse page = await call.AskAsync(token => clients.Ec2(place).DescribeTagsAsync(request, token), cancellationToken);
                found.AddRange(page.Tags ?? []);
                next = page.NextToken;
            }
            while (!string.IsNullOrEmpty(next));
        }

        return found.GroupBy(tag => InstanceId.Parse(tag.ResourceId)).ToDictionary(
            instance => instance.Key,
            instance => ToTags(instance.Select(tag => KeyValuePair.Create(tag.Key, tag.Value ?? ""))));
    }

    /// <summary>The tags of each hybrid node; null for one that was deregistered meanwhile.</summary>
    private async Task<IReadOnlyDictionary<InstanceId, ImmutableSortedDictionary<string, string>?>> ReadHybridTagsAsync(
        AwsPlace place, RoleArn role, IEnumerable<InstanceId> nodes, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<InstanceId, ImmutableSortedDictionary<string, string>?> tags = new();
        ParallelOptions manner = new() { MaxDegreeOfParallelism = HybridNodesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(nodes, manner, async (id, cancellation) =>
        {
            AwsCall call = new("ssm:ListTagsForResource", place, role, id.Value);
            ListTagsForResourceRequest request = new() { ResourceType = "ManagedInstance", ResourceId = id.Value };
            try
            {
                ListTagsForResourceResponse answer = await call.AskAsync(token => clients.Ssm(place).ListTagsForResourceAsync(request, token), cancellation);
                tags[id] = ToTags((answer.TagList ?? []).Select(tag => KeyValuePair.Create(tag.Key, tag.Value ?? "")));
            }
            catch (AwsException gone) when (gone.Failure == AwsFailure.NotFound)
            {
                log.LogInformation("{InstanceId} was deregistered while the nodes of account {Account}, {Region} were read.", id, place.Account, place.Region);
                tags[id] = null;
            }
        });
        return tags;
    }

    private static ImmutableSortedDictionary<string, string> ToTags(IEnumerable<KeyValuePair<string, string>> tags) => Node.NoTags.SetItems(tags);
}
