namespace JitAccess.Cedar;

/// <summary>What strict validation against a schema says about policies.</summary>
/// <param name="Errors">What makes the policies unfit, such as a tag read without a check that it is there; policies in the order of their set.</param>
/// <param name="Warnings">What is allowed and yet suspicious, such as a policy that can never match.</param>
public sealed record ValidationResult(IReadOnlyList<Diagnostic> Errors, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>Whether the policies are fit to use: no errors, warnings or not.</summary>
    public bool IsValid => Errors.Count == 0;
}
