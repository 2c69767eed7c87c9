using System.Collections.Immutable;
using JitAccess.Cedar;

namespace JitAccess.Domain.Policies;

/// <summary>The Cedar statements of all policies of one kind, prepared once and asked together, so that every policy's own answer is known.</summary>
internal sealed class CedarPolicies<T> where T : Policy
{
    private readonly CedarEngine _engine;
    private readonly Cedar.PolicySet _statements;
    private readonly Dictionary<string, (T Policy, int Number, string Text)> _byStatementId = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _unreadable = [];

    public CedarPolicies(IEnumerable<T> policies, Func<T, string> cedar, Effect effect, CedarEngine engine)
    {
        _engine = engine;
        InOrder = [.. Policies.PolicySet.Ordered(policies.Where(policy => policy.Enabled))];
        Dictionary<string, string> statements = new(StringComparer.Ordinal);
        foreach (T policy in InOrder)
        {
            ParseResult parsed = engine.Parse(cedar(policy));
            // A saved policy parses and has statements of its kind only; one that does not was put here behind our back, and must not help anybody.
            if (parsed.Errors.Count > 0) _unreadable[policy.Id] = parsed.Errors[0].Message;
            if (parsed.Statements.Any(statement => statement.Effect != effect))
            {
                _unreadable[policy.Id] = "the policy holds statements of another kind";
                continue;
            }
            foreach (var (statement, index) in parsed.Statements.Select((statement, index) => (statement, index)))
            {
                string id = $"{policy.Id:N}.{index + 1}";
                statements[id] = statement.Text;
                _byStatementId[id] = (policy, index + 1, statement.Text);
            }
        }
        _statements = new Cedar.PolicySet(statements);
    }

    public ImmutableArray<T> InOrder { get; }

    /// <summary>What every policy's statements said, by policy: the first statement that matched, and the first that could not be evaluated.</summary>
    public Dictionary<Guid, Answer> Ask(AccessQuestion question)
    {
        Dictionary<Guid, Answer> answers = InOrder.ToDictionary(policy => policy.Id, policy => new Answer(null, _unreadable.GetValueOrDefault(policy.Id), null));
        if (_byStatementId.Count == 0) return answers;
        AuthorizationResult result = _engine.Authorize(_statements, NodeAccessCedar.EntitiesFor(question, []), NodeAccessCedar.RequestFor(question));
        foreach (string reason in result.Reasons.OrderByDescending(reason => _byStatementId[reason].Number))
        {
            (T policy, int number, string text) = _byStatementId[reason];
            answers[policy.Id] = answers[policy.Id] with { MatchedStatement = number, Text = text };
        }
        foreach (EvaluationError error in result.Errors.OrderBy(error => _byStatementId[error.PolicyId].Number))
        {
            (T policy, _, string text) = _byStatementId[error.PolicyId];
            Answer answer = answers[policy.Id];
            answers[policy.Id] = answer with { Error = answer.Error ?? error.Message, Text = answer.Text ?? text };
        }
        return answers;
    }

    /// <param name="MatchedStatement">The number of the first statement that matched, from 1; null if none did.</param>
    /// <param name="Error">Why a statement could not be evaluated; null if all could.</param>
    /// <param name="Text">The statement in question.</param>
    internal readonly record struct Answer(int? MatchedStatement, string? Error, string? Text);
}
