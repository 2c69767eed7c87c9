using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Nodes;

/// <summary>Which nodes a list shows; everything empty means all.</summary>
public sealed record NodeFilter
{
    /// <summary>Part of a name, an id, an account, or a tag's key or value; case does not matter.</summary>
    public string? Text { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    public string? Platform { get; init; }

    /// <summary>Only those whose agent answers, or only those whose agent does not.</summary>
    public bool? Online { get; init; }

    /// <summary>A tag as <c>key=value</c>, both case-sensitive.</summary>
    public string? Tag { get; init; }

    /// <summary>Where the page begins: <see cref="NodePage.Next"/> of the page before.</summary>
    public string? After { get; init; }

    public int Take { get; init; } = 50;
}

/// <summary>A node in a list, with what the actor would get.</summary>
public sealed record NodeRow(Node Node, Decision Decision, Guid? ActiveGrantId, Guid? ActiveRequestId, Guid? PendingRequestId);

/// <summary>A page of nodes.</summary>
public sealed record NodePage(IReadOnlyList<NodeRow> Rows, int Total, string? Next);

/// <summary>A node that the actor has asked for before.</summary>
public sealed record RecentNode(NodeRow Row, DateTimeOffset? LastSessionAt);

/// <summary>What the nodes can be filtered by.</summary>
public sealed record NodeFacets(IReadOnlyList<string> Accounts, IReadOnlyList<string> Regions, IReadOnlyList<string> Platforms);

/// <summary>The nodes that a target matches now: how many, and the first of them.</summary>
public sealed record NodeMatches(int Total, IReadOnlyList<Node> Nodes);
