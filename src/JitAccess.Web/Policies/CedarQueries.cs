using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Web.Policies;

/// <summary>Reads Cedar text for the forms that write it.</summary>
public sealed class CedarQueries(CedarEngine engine)
{
    /// <summary>The text in Cedar's usual layout, comments included.</summary>
    /// <exception cref="RefusedException">The actor is no admin, or the text does not parse or is too long.</exception>
    public async Task<string> FormatAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin) throw new RefusedException(RefusalKind.Forbidden, "Only admins change policies.");
        if (text.Length > PolicyRules.MaximumCedarLength) throw TooLong(text);
        FormatResult formatted = await OnTheEngineAsync(() => engine.Format(text), cancellationToken);
        if (formatted.IsValid) return formatted.Text;
        Diagnostic first = formatted.Errors[0];
        string place = first.Span is { } span ? $" in line {span.Line}, column {span.Column}" : "";
        throw new RefusedException(RefusalKind.Invalid, $"The text cannot be laid out until it parses{place}: {first.Message}");
    }

    /// <summary>The text as the condition builder shows it, or why it cannot.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or the text takes more time or memory than allowed.</exception>
    public async Task<ConditionsReading> ReadAsync(Actor actor, string text, Effect effect, CancellationToken cancellationToken)
    {
        if (!actor.MayReadEverything) throw new RefusedException(RefusalKind.Forbidden, "Only admins and auditors see this page.");
        if (text.Length > PolicyRules.MaximumCedarLength) throw TooLong(text);
        return await OnTheEngineAsync(() => PolicyConditions.TryRead(text, effect, engine) is { } conditions
            ? new ConditionsReading(conditions, "")
            : new ConditionsReading(null, WhyNot(engine.Parse(text), effect)), cancellationToken);
    }

    private static string WhyNot(ParseResult parsed, Effect effect) => parsed switch
    {
        { IsValid: false } => "This text does not parse, so it cannot be shown as conditions.",
        { Statements.Count: > 1 } => $"This text has {parsed.Statements.Count} statements; conditions are one. It stays Cedar.",
        { Statements: [var one] } when one.Effect != effect => $"This kind of policy takes {(effect == Effect.Forbid ? "forbid" : "permit")} statements only. The text stays Cedar.",
        _ => "This text says more than the conditions can, for example a comment, a choice between rows, or something else about the request. It stays Cedar.",
    };

    private static RefusedException TooLong(string text) =>
        new(RefusalKind.Invalid, $"The text has {text.Length} characters; at most {PolicyRules.MaximumCedarLength} are allowed. Split it into several policies.");

    // The engine computes for as long as milliseconds on a large text: not on the page's own thread.
    private static async Task<T> OnTheEngineAsync<T>(Func<T> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(ask, cancellationToken);
        }
        catch (CedarEngineException exception)
        {
            throw new RefusedException(RefusalKind.Invalid, $"{exception.Message} Shorten the text, or split it into several statements.");
        }
    }
}

/// <summary>A text as conditions.</summary>
/// <param name="Conditions">What it says; null if conditions cannot say it.</param>
/// <param name="WhyNot">Why conditions cannot say it, in a sentence; empty if they can.</param>
public sealed record ConditionsReading(PolicyConditions? Conditions, string WhyNot);
