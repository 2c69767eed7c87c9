using System.Collections.Frozen;
using System.Collections.Immutable;
using JitAccess.Cedar.Evaluation;
using JitAccess.Cedar.Evaluation.Classes;
using JitAccess.Cedar.Evaluation.Indexing;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar;

/// <summary>
/// Policies made ready to be asked about a microsecond each time, with the answers that <see cref="CedarEngine"/> gives: that engine parses and validates them,
/// this one decides by them. Immutable and safe to use from many threads; an error message's words are its own, which policies err is not.
/// </summary>
public sealed class CompiledPolicySet
{
    // Asking so few is quicker than finding out which.
    private const int FewStatements = 16;

    private readonly CompiledStatement[] _statements;
    private readonly CandidateIndex? _index;

    private CompiledPolicySet(CompiledStatement[] statements)
    {
        _statements = statements;
        _index = statements.Length > FewStatements ? CandidateIndex.Of(statements) : null;
        PolicyIds = [.. statements.Select(statement => statement.Id)];
    }

    /// <summary>The ids of the policies, in the order in which they were given.</summary>
    public ImmutableArray<string> PolicyIds { get; }

    /// <summary>Makes policies ready.</summary>
    /// <param name="policies">One statement (<see cref="PolicyStatement.Syntax"/>) by the id that results name it with.</param>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    /// <exception cref="CedarEngineException">A statement is nested too deeply.</exception>
    public static CompiledPolicySet Compile(IEnumerable<KeyValuePair<string, Statement>> policies)
    {
        var statements = policies.Select(policy => new CompiledStatement(policy.Key, policy.Value)).ToArray();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return statements.FirstOrDefault(statement => !ids.Add(statement.Id)) is { } again
            ? throw new ArgumentException($"The policy {again.Id} occurs twice.", nameof(policies))
            : new CompiledPolicySet(statements);
    }

    /// <summary>Decides a request.</summary>
    /// <param name="request">The question.</param>
    /// <param name="entities">All entities that the policies may look at: an entity that is not among them has no attributes, tags or parents.</param>
    /// <exception cref="FormatException">The context cannot be read.</exception>
    public AuthorizationResult Evaluate(AuthorizationRequest request, EntityStore entities)
    {
        var matches = new StatementMatches();
        Evaluate(request, entities, matches);
        var determining = matches.Decision == Decision.Allow || !matches.Matched.ToArray().Any(IsForbid) ? Effect.Permit : Effect.Forbid;
        return new AuthorizationResult(
            matches.Decision,
            matches.Matched.ToArray().Where(index => _statements[index].Syntax.Effect == determining).Select(index => PolicyIds[index]).ToFrozenSet(StringComparer.Ordinal),
            [.. matches.Failed.ToArray().Select(index => new EvaluationError(PolicyIds[index], WhyFailed(index, matches.Question))).OrderBy(error => error.PolicyId, StringComparer.Ordinal)]);

        bool IsForbid(int index) => _statements[index].Syntax.Effect == Effect.Forbid;
    }

    /// <summary>Decides a request, telling only which statements matched and which could not be evaluated; allocates nothing in the long run.</summary>
    /// <param name="request">The question.</param>
    /// <param name="entities">All entities that the policies may look at.</param>
    /// <param name="matches">Takes the answer; what it held before is gone.</param>
    /// <exception cref="FormatException">The context cannot be read.</exception>
    public void Evaluate(AuthorizationRequest request, EntityStore entities, StatementMatches matches)
    {
        matches.Clear();
        var question = matches.Question;
        question.Ask(request, entities);
        if (_index is null)
        {
            for (var index = 0; index < _statements.Length; index++)
                matches.Add(index, _statements[index].Evaluate(question));
        }
        else
        {
            _index.Ask(matches, _statements);
        }
        matches.Decide(_statements);
    }

    /// <summary>Why each policy does or does not match a request, in the order in which they were given. A policy's outcome is the one by which <see cref="Evaluate(AuthorizationRequest, EntityStore)"/> decides.</summary>
    /// <param name="request">The question.</param>
    /// <param name="entities">All entities that the policies may look at.</param>
    /// <exception cref="FormatException">The context cannot be read.</exception>
    public ImmutableArray<StatementExplanation> Explain(AuthorizationRequest request, EntityStore entities)
    {
        var question = new Question();
        question.Ask(request, entities);
        question.SaysWhy = true;
        return [.. _statements.Select(statement => statement.Explain(question))];
    }

    /// <summary>Sorts one side of requests into classes that no policy tells apart.</summary>
    /// <param name="paths">
    /// What belongs to the side: <c>principal</c>, <c>action</c>, <c>resource</c>, <c>context</c> or attributes of the context such as <c>context.iam</c>. All that differs between the requests to be sorted.
    /// </param>
    /// <exception cref="ArgumentException">A path begins with none of these.</exception>
    public RequestClassifier ClassifierOf(params IEnumerable<string> paths) => new(_statements, new RequestSide(paths));

    /// <summary>
    /// Whether an answer may depend on something: <c>context.request.time</c>, or any attribute behind it. False means that no policy looks at it.
    /// </summary>
    /// <param name="path">A variable, or a path of attributes behind one.</param>
    /// <exception cref="ArgumentException">The path begins with no variable.</exception>
    public bool LooksAt(string path)
    {
        var side = new RequestSide([path]);
        return _statements.Any(statement => StatementKey.Of(statement.Syntax, side) is not null);
    }

    private string WhyFailed(int index, Question question)
    {
        question.SaysWhy = true;
        return _statements[index].Evaluate(question).Failure!.Message;
    }
}
