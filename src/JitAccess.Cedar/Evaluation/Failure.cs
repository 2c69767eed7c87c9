namespace JitAccess.Cedar.Evaluation;

/// <summary>Why an expression has no value.</summary>
/// <param name="Message">In words for people; empty where nobody asked for them.</param>
internal sealed record Failure(string Message)
{
    public static readonly Failure Unsaid = new("");
}
