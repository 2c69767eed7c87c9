using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>A person as Cedar sees them, made ready once for many questions.</summary>
internal sealed class PreparedPerson(Actor actor)
{
    /// <summary>Who asks.</summary>
    public Actor Actor => actor;

    /// <summary>Whether they act under an identity that may ask at all.</summary>
    public Ruling CanAct { get; } = actor.CanAct();

    internal EntityUid Uid { get; } = NodeAccessCedar.PrincipalOf(actor);

    internal EntityStore Entities { get; } = new(NodeAccessCedar.EntitiesOf(actor));
}

/// <summary>A node as Cedar sees it, made ready once for many questions.</summary>
internal sealed class PreparedNode(Node node)
{
    /// <summary>What is asked for.</summary>
    public Node Node => node;

    /// <summary>Whether somebody could connect now, as far as the machine itself is concerned.</summary>
    public bool IsReachable { get; } = node.CanBeReached().IsAllowed;

    internal EntityUid Uid { get; } = NodeAccessCedar.ResourceOf(node);

    internal EntityStore Entities { get; } = new(NodeAccessCedar.EntityOf(node));
}

/// <summary>What a request says beside person and node, as Cedar sees it, made ready once for many questions by one version of the policies.</summary>
internal sealed class PreparedRequest(DateTimeOffset at, string reason, TimeSpan duration, bool breakGlass, IEnumerable<ClockZone> zones)
{
    internal Context Context { get; } = NodeAccessCedar.ContextOf(at, reason, duration, breakGlass);

    internal EntityStore Entities { get; } = new(NodeAccessCedar.ClockAt(at, zones));
}
