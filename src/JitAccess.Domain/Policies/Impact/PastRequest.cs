using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>A request of the past with what is needed to decide it again.</summary>
/// <param name="Id">The request.</param>
/// <param name="Number">The number that people call it by.</param>
/// <param name="RequesterName">Who asked.</param>
/// <param name="NodeName">For which node.</param>
/// <param name="SubmittedAt">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="Duration">For how long.</param>
/// <param name="Outcome">The outcome pinned then.</param>
/// <param name="OutcomeInShort">The same in a few words.</param>
public sealed record PastRequest(Guid Id, long Number, string RequesterName, string NodeName, DateTimeOffset SubmittedAt, string Reason, TimeSpan Duration, DecisionOutcome Outcome, string OutcomeInShort)
{
    /// <summary>Whether it broke glass.</summary>
    public bool BrokeGlass { get; init; }

    /// <summary>The requester as known now, acting under the role of the request; null if not known any more.</summary>
    public Actor? Actor { get; init; }

    /// <summary>The node as known now, taken to be online as it was; null if not known any more.</summary>
    public Node? Node { get; init; }

    /// <summary>Why the request cannot be decided again; null if it can.</summary>
    public string? Obstacle => (Actor, Node) switch
    {
        (null, null) => $"{RequesterName} and {NodeName} are not known any more.",
        (null, _) => $"{RequesterName} is not known any more.",
        (_, null) => $"{NodeName} is not known any more.",
        _ => null,
    };
}
