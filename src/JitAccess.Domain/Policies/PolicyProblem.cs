namespace JitAccess.Domain.Policies;

/// <summary>What is wrong with a policy, or should be looked at.</summary>
/// <param name="Field">The field of the form that it concerns, by the property's name; empty for the whole policy.</param>
/// <param name="Message">What is wrong, why, and how to mend it.</param>
/// <param name="IsWarning">True if the policy can be saved all the same.</param>
/// <param name="Line">The line of the Cedar text, from 1; null if it concerns no text.</param>
/// <param name="Column">The column in that line, from 1; null if it concerns no text.</param>
public sealed record PolicyProblem(string Field, string Message, bool IsWarning = false, int? Line = null, int? Column = null)
{
    /// <summary>How many characters of the Cedar text it concerns, from <see cref="Line"/> and <see cref="Column"/> on; 0 if only the place is known.</summary>
    public int Length { get; init; }

    /// <summary>A change that mends it at one press; null where only a person can tell what is meant.</summary>
    public PolicyMend? Mend { get; init; }
}
