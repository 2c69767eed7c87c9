using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

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
