using JitAccess.Cedar.Evaluation;
using JitAccess.Cedar.Evaluation.Classes;

namespace JitAccess.Cedar;

/// <summary>
/// Sorts one side of requests, such as people, into classes that no policy of a <see cref="CompiledPolicySet"/> tells apart: two people with equal keys get the same
/// answer from every policy, matched, not matched or failed, for any one node and circumstances. So it is enough to ask about one of each class.
/// People of different classes may get the same answers too.
/// <para>
/// What only looks at this side goes into the key as true, false or failed, so that classes stay few: a policy that asks <c>principal in Group::"x"</c> makes two of them.
/// Where a policy compares this side with another one, the value goes into the key: <c>principal.costCenter == resource.getTag("CostCenter")</c> makes one class
/// for each cost centre. What a policy does not reach, because something before it is false whatever the other sides are, does not count.
/// </para>
/// <para>
/// It holds for sides whose entities are put together by <see cref="EntityStore.Layered"/>, under these conditions: an entity that is in several of the stores, of this side or
/// of others, is the same in all; and a side's store holds every entity that the side's values lead to, if any store does. A person's store with the person,
/// their groups and the tags of their session, beside a node's store with the node, is like that.
/// </para>
/// Immutable and safe to use from many threads.
/// </summary>
public sealed class RequestClassifier
{
    private readonly StatementKey[] _statements;

    internal RequestClassifier(IEnumerable<CompiledStatement> statements, RequestSide side) =>
        _statements = [.. statements.Select(statement => StatementKey.Of(statement.Syntax, side)).OfType<StatementKey>()];

    /// <summary>The key of the side that a request has.</summary>
    /// <param name="request">A request with this side as it is; what it has on other sides does not matter.</param>
    /// <param name="entities">The entities of this side.</param>
    /// <exception cref="FormatException">The context cannot be read.</exception>
    public ClassKey KeyOf(AuthorizationRequest request, EntityStore entities)
    {
        var question = new Question();
        question.Ask(request, entities);
        var key = new KeyWriter();
        foreach (var statement in _statements)
            statement.Write(question, key);
        return new ClassKey(key.Written);
    }
}
