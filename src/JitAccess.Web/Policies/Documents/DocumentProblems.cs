namespace JitAccess.Web.Policies.Documents;

/// <summary>Collects everything that is wrong with a document, so that all of it can be mended at once.</summary>
internal sealed class DocumentProblems
{
    // A document that is wrong in every line is told so often enough.
    private const int Most = 200;

    private readonly List<DocumentProblem> _all = [];

    public bool Any => _all.Any(problem => !problem.IsWarning);

    /// <summary>By their place in the document.</summary>
    public IReadOnlyList<DocumentProblem> All => [.. _all.OrderBy(problem => (problem.Line, problem.Column)).Take(Most)];

    public void Add(DocumentNode at, string message, bool isWarning = false) => Add(at.Line, at.Column, message, isWarning);

    public void Add(int line, int column, string message, bool isWarning = false) => _all.Add(new DocumentProblem(line, column, message, isWarning));
}
