namespace JitAccess.Cedar;

/// <summary>The answer to an <see cref="AuthorizationRequest"/>.</summary>
public enum Decision
{
    /// <summary>Some forbid matched, or no permit did.</summary>
    Deny,

    /// <summary>Some permit matched and no forbid did.</summary>
    Allow,
}

/// <summary>A policy that could not be evaluated for this request; it counts as not matching, whatever its effect.</summary>
/// <param name="PolicyId">The policy's id in its <see cref="PolicySet"/>.</param>
/// <param name="Message">The engine's words on what went wrong.</param>
public sealed record EvaluationError(string PolicyId, string Message);

/// <summary>A decision with what led to it.</summary>
/// <param name="Decision">Allow or deny.</param>
/// <param name="Reasons">The policies that determined the decision: the matching forbids of a deny, else the matching permits; empty when nothing matched.</param>
/// <param name="Errors">The policies that could not be evaluated, in the order of their ids; they are no reasons.</param>
public sealed record AuthorizationResult(Decision Decision, IReadOnlySet<string> Reasons, IReadOnlyList<EvaluationError> Errors);
