using System.Text.Json;
using System.Text.RegularExpressions;

namespace JitAccess.Cedar.Wasm;

/// <summary>The engine's answer to one call: a success, or the errors for which it refused.</summary>
internal sealed partial class Answer
{
    private Answer(JsonElement json) => Json = json;

    public JsonElement Json { get; }

    public bool IsSuccess => Json.GetProperty("type").ValueEquals("success");

    public static Answer Of(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 1024 });
        return new Answer(JsonElement.ParseValue(ref reader));
    }

    /// <exception cref="CedarEngineException">The engine refused; in its words.</exception>
    public void ThrowIfRefused()
    {
        if (!IsSuccess)
            throw new CedarEngineException(string.Join("; ", Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("message").GetString())));
    }

    /// <summary>The errors for which the engine refused.</summary>
    /// <param name="sourceOf">The text of a policy by its id, or the only text when no id is known.</param>
    public IReadOnlyList<Diagnostic> Errors(Func<string?, SourceText?> sourceOf) => Diagnostics("errors", sourceOf);

    /// <summary>A list of errors or warnings that name a policy only in their message, if at all.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics(string list, Func<string?, SourceText?> sourceOf) =>
        Flatten(Json.GetProperty(list)).Select(error =>
        {
            var id = PolicyInMessage().Match(error.GetProperty("message").GetString()!) is { Success: true } match ? match.Groups["id"].Value : null;
            return Diagnostic(error, id, sourceOf(id));
        }).ToArray();

    /// <summary>A list of errors or warnings that name the policy they are about.</summary>
    public IEnumerable<Diagnostic> PolicyDiagnostics(string list, Func<string?, SourceText?> sourceOf) =>
        Json.GetProperty(list).EnumerateArray().Select(entry =>
        {
            var id = entry.GetProperty("policyId").GetString()!;
            return Diagnostic(entry.GetProperty("error"), id, sourceOf(id));
        });

    private static IEnumerable<JsonElement> Flatten(JsonElement errors) =>
        errors.EnumerateArray().SelectMany(error =>
            error.TryGetProperty("related", out var related) ? Flatten(related).Prepend(error) : [error]);

    private static Diagnostic Diagnostic(JsonElement error, string? policyId, SourceText? source)
    {
        // What leads the message only repeats which text or policy it is about.
        var message = Preamble().Replace(error.GetProperty("message").GetString()!, "");
        if (policyId is not null && message.StartsWith($"for policy `{policyId}`, ", StringComparison.Ordinal))
            message = message[$"for policy `{policyId}`, ".Length..];

        SourceSpan? span = null;
        if (error.TryGetProperty("sourceLocations", out var places) && places.GetArrayLength() > 0)
        {
            var place = places[0];
            span = source?.SpanOfUtf8(place.GetProperty("start").GetInt32(), place.GetProperty("end").GetInt32());
            if (place.GetProperty("label").GetString() is { } label)
                message += $": {label}";
        }
        return new Diagnostic(message, error.GetProperty("help").GetString(), span, policyId);
    }

    [GeneratedRegex("^failed to parse policy with id `(?<id>.*)` from string: ", RegexOptions.Singleline)]
    private static partial Regex PolicyInMessage();

    [GeneratedRegex("^(failed to parse policies from string: |failed to parse policy from string: |failed to parse policy with id `.*` from string: |cannot parse input policies: )", RegexOptions.Singleline)]
    private static partial Regex Preamble();
}
