using System.Collections.Immutable;

namespace JitAccess.Cedar;

/// <summary>What one statement, or one clause of it, came to.</summary>
public enum ExplainedOutcome
{
    /// <summary>It held: a clause let the request through, or a statement matched.</summary>
    Held,

    /// <summary>It did not hold.</summary>
    DidNotHold,

    /// <summary>It could not be evaluated.</summary>
    Failed,

    /// <summary>It was not looked at, because something before it had settled the matter.</summary>
    NotReached,
}

/// <summary>Why one statement did or did not match a request.</summary>
/// <param name="PolicyId">The statement's id in its compiled policy set.</param>
/// <param name="Outcome">Whether it matched.</param>
/// <param name="Error">Why it could not be evaluated; null if it could.</param>
/// <param name="Clauses">Its demands in the order of the text: each part of the head that demands something, then each side of <c>&amp;&amp;</c> at the top of each <c>when</c>, and each <c>unless</c>.</param>
public sealed record StatementExplanation(string PolicyId, ExplainedOutcome Outcome, string? Error, ImmutableArray<ClauseExplanation> Clauses);

/// <summary>One demand of a statement, and what became of it.</summary>
/// <param name="Text">The demand as Cedar text: <c>resource.getTag("env") == "prod"</c>, <c>unless principal in Group::"x"</c>.</param>
/// <param name="Outcome">Whether it let the request through.</param>
/// <param name="Seen">The values that it looked at, each once, in the order of the text.</param>
/// <param name="Error">Why it could not be evaluated; null if it could.</param>
public sealed record ClauseExplanation(string Text, ExplainedOutcome Outcome, ImmutableArray<SeenValue> Seen, string? Error);

/// <summary>A value that a clause looked at.</summary>
/// <param name="Expression">What was asked, as Cedar text: <c>resource.getTag("env")</c>.</param>
/// <param name="Value">What was there, as Cedar text: <c>"dev"</c>; or <c>absent</c> for an attribute or tag that is not there.</param>
public sealed record SeenValue(string Expression, string Value);
