namespace JitAccess.Web.Policies.Documents;

/// <summary>What is wrong with a document, and where.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in that line, from 1.</param>
/// <param name="Message">What is wrong, and what to do.</param>
/// <param name="IsWarning">True if the document can be imported all the same.</param>
public sealed record DocumentProblem(int Line, int Column, string Message, bool IsWarning = false);
