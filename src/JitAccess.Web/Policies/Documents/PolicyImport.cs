using System.Collections.Immutable;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies.Documents;

/// <summary>What a document brings: a whole policy set that takes the place of what is there, or single policies that are added to it.</summary>
/// <param name="Whole">The whole set; null for single policies.</param>
/// <param name="Added">Single policies; empty for a whole set.</param>
/// <param name="Problems">Everything that is wrong with the document, and what should be looked at.</param>
public sealed record PolicyImport(PolicySet? Whole, ImmutableArray<Policy> Added, IReadOnlyList<DocumentProblem> Problems)
{
    /// <summary>What the document is called.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Whether it can be imported: nothing of a document with a problem that is no warning ever is.</summary>
    public bool IsUsable => Problems.All(problem => problem.IsWarning);

    /// <summary>The import in one sentence.</summary>
    public string Sentence => FileName.Length > 0 ? $"Imported {FileName}." : "Imported a document.";

    /// <summary>The policies afterwards. A single policy takes the place of the one of its kind and name, if there is one.</summary>
    public PolicySet ApplyTo(PolicySet policies) => Whole ?? Added.Aggregate(policies, (set, policy) => PolicyEdit.Save(set, policy).After);
}
