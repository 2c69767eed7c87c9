using System.Collections.Concurrent;
using JitAccess.Domain.Nodes;
using JitAccess.Web.Aws;

namespace JitAccess.Web.Tests.Data;

/// <summary>What AWS would answer about nodes, place by place.</summary>
internal sealed class FakeNodeReader : INodeReader
{
    private readonly ConcurrentDictionary<AwsPlace, AwsException> _failures = [];
    private readonly ConcurrentDictionary<AwsPlace, IReadOnlyList<Node>> _nodes = [];
    private int _readings;

    public int Readings => _readings;

    /// <summary>The nodes of a place from now on, which also heals it.</summary>
    public void Set(AwsPlace place, params Node[] nodes)
    {
        _nodes[place] = nodes;
        _failures.TryRemove(place, out _);
    }

    public void Fail(AwsPlace place, AwsFailure failure, string message) => _failures[place] = new AwsException(failure, message);

    public Task<IReadOnlyList<Node>> ReadAsync(AwsPlace place, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _readings);
        return _failures.TryGetValue(place, out AwsException? failure)
            ? Task.FromException<IReadOnlyList<Node>>(failure)
            : Task.FromResult(_nodes.GetValueOrDefault(place, []));
    }
}
