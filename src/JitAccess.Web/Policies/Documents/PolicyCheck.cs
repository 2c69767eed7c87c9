using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies.Documents;

/// <summary>What every reader of documents needs beside the document: the rules for policies, the policies that are there, and where problems go.</summary>
internal sealed class PolicyCheck(PolicySet existing, CedarEngine engine, DocumentProblems problems)
{
    private readonly HashSet<Guid> _used = [];
    private readonly Dictionary<string, int> _lineOfName = new(StringComparer.OrdinalIgnoreCase);

    public DocumentProblems Problems => problems;

    public CedarEngine Engine => engine;

    /// <summary>The id of a policy: as written, else that of the existing policy of its kind and name, else a new one.</summary>
    public Guid IdFor(Guid? written, PolicyKind kind, string name)
    {
        Guid? known = written ?? existing.InOrderOfEvaluation.FirstOrDefault(policy => policy.Kind == kind && policy.Name == name)?.Id;
        Guid id = known is { } taken && (written is not null || !_used.Contains(taken)) ? taken : Guid.CreateVersion7();
        _used.Add(id);
        return id;
    }

    /// <summary>Ids that the document itself gives, so that no policy without one takes them.</summary>
    public bool Reserve(Guid id) => _used.Add(id);

    /// <summary>Judges a policy by the rules of the forms, each problem shown at its field.</summary>
    public void Judge(Policy policy, Func<string, DocumentNode> at)
    {
        foreach (PolicyProblem problem in PolicyRules.ProblemsOf(policy, engine))
        {
            DocumentNode node = at(problem.Field);
            if (problem.Line is not { } line) problems.Add(node, problem.Message, problem.IsWarning);
            else if (node is ScalarNode { Block: { } block }) problems.Add(block.Line + line - 1, block.Column + (problem.Column ?? 1) - 1, problem.Message, problem.IsWarning);
            else problems.Add(node, $"Cedar line {line}, column {problem.Column}: {problem.Message}", problem.IsWarning);
        }
        DocumentNode name = at(nameof(Policy.Name));
        if (_lineOfName.TryGetValue(policy.Name.Trim(), out int first)) problems.Add(name, $"Another policy is named “{policy.Name.Trim()}”, in line {first}. Choose another name.");
        else _lineOfName[policy.Name.Trim()] = name.Line;
    }
}
