using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using JitAccess.Cedar.Syntax;
using JitAccess.Cedar.Wasm;

namespace JitAccess.Cedar;

/// <summary>
/// The official Cedar engine (the Rust implementation, version 4.13.0, language version 4.5), run inside this process
/// behind limits on time and memory. Safe to use from many threads; make one for the life of the application.
/// </summary>
public sealed class CedarEngine : IDisposable
{
    private readonly CedarEngineOptions _options;
    private readonly InstancePool _pool;

    /// <summary>An engine with the usual limits.</summary>
    public CedarEngine()
        : this(new CedarEngineOptions())
    {
    }

    /// <summary>An engine with the given limits.</summary>
    public CedarEngine(CedarEngineOptions options)
    {
        _options = options;
        _pool = new InstancePool(options);
    }

    /// <summary>Compiles the engine, which takes about a second the first time in a process; without it the first call does.</summary>
    public void WarmUp() => Parse("permit (principal, action, resource);");

    /// <summary>Takes a policy text apart into its statements, or says where and why it does not parse. Templates (<c>?principal</c>) are errors.</summary>
    /// <exception cref="CedarEngineException">The text takes more time or memory than allowed.</exception>
    public ParseResult Parse(string text)
    {
        var source = new SourceText(text);
        return Unreadable(source) is { } unreadable
            ? new ParseResult([], [unreadable])
            : _pool.Run(engine => ParseStatements(engine, source));
    }

    /// <summary>Lays a policy text out as Cedar's own formatter does, or says where and why it does not parse.</summary>
    /// <exception cref="CedarEngineException">The text takes more time or memory than allowed.</exception>
    public FormatResult Format(string text)
    {
        var source = new SourceText(text);
        if (Unreadable(source) is { } unreadable)
            return new FormatResult(null, [unreadable]);

        var answer = _pool.Run(engine => Answer.Of(engine.Call("formatPolicies", CedarJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("policyText", text);
            json.WriteEndObject();
        }))));
        return answer.IsSuccess
            ? new FormatResult(answer.Json.GetProperty("formatted_policy").GetString(), [])
            : new FormatResult(null, answer.Errors(_ => source));
    }

    /// <summary>Checks policies strictly against a schema. A policy or a schema that does not parse is an error too.</summary>
    /// <exception cref="CedarEngineException">The policies take more time or memory than allowed.</exception>
    public ValidationResult Validate(PolicySet policies, Schema schema)
    {
        var answer = _pool.Run(engine => Answer.Of(engine.Call("validate", CedarJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("validationSettings");
            json.WriteString("mode", "strict");
            json.WriteEndObject();
            json.WriteString("schema", schema.Text);
            json.WritePropertyName("policies");
            WritePolicies(json, policies);
            json.WriteEndObject();
        }))));

        var sources = policies.Policies.ToDictionary(policy => policy.Key, policy => new SourceText(policy.Value));
        var order = policies.Policies.Keys.Index().ToDictionary(policy => policy.Item, policy => policy.Index);
        SourceText? SourceOf(string? id) => id is null ? null : sources.GetValueOrDefault(id);
        return answer.IsSuccess
            ? new ValidationResult(
                InOrder(answer.PolicyDiagnostics("validationErrors", SourceOf)),
                InOrder(answer.PolicyDiagnostics("validationWarnings", SourceOf).Concat(answer.Diagnostics("otherWarnings", SourceOf))))
            : new ValidationResult(InOrder(answer.Errors(SourceOf)), []);

        IReadOnlyList<Diagnostic> InOrder(IEnumerable<Diagnostic> diagnostics) =>
            diagnostics
                .OrderBy(diagnostic => diagnostic.PolicyId is { } id ? order[id] : -1)
                .ThenBy(diagnostic => diagnostic.Span?.Start ?? -1)
                .ThenBy(diagnostic => diagnostic.Message, StringComparer.Ordinal)
                .ToArray();
    }

    /// <summary>Decides a request. Policies and schema are kept parsed, so that a decision by the same ones again takes microseconds.</summary>
    /// <param name="policies">The policies to decide by.</param>
    /// <param name="entities">All entities that the policies may look at: an entity that is not among them has no attributes, tags or parents.</param>
    /// <param name="request">The question.</param>
    /// <param name="schema">When given, the entities and the request are checked against it and refused when they do not fit.</param>
    /// <exception cref="CedarEngineException">
    /// There is no decision: the engine refused the policies, the entities or the request, or they took more time or memory than allowed.
    /// </exception>
    public AuthorizationResult Authorize(PolicySet policies, Entities entities, AuthorizationRequest request, Schema? schema = null)
    {
        var answer = _pool.Run(engine =>
        {
            var policySetName = engine.PolicySets.NameOf(policies.ContentHash, name =>
                Answer.Of(engine.CallWithText("preparsePolicySet", Encoding.UTF8.GetBytes(name), CedarJson.Write(json => WritePolicies(json, policies)))).ThrowIfRefused());
            var schemaName = schema is null ? null : engine.Schemas.NameOf(schema.ContentHash, name =>
                Answer.Of(engine.CallWithText("preparseSchema", Encoding.UTF8.GetBytes(name), CedarJson.Write(json => json.WriteStringValue(schema.Text)))).ThrowIfRefused());
            return Answer.Of(engine.Call("statefulIsAuthorized", CedarJson.Write(json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("principal");
                Entity.WriteUid(json, request.Principal);
                json.WritePropertyName("action");
                Entity.WriteUid(json, request.Action);
                json.WritePropertyName("resource");
                Entity.WriteUid(json, request.Resource);
                json.WritePropertyName("context");
                json.WriteRawValue(request.Context.Utf8, skipInputValidation: true);
                json.WriteString("preparsedPolicySetId", policySetName);
                if (schemaName is not null)
                {
                    json.WriteString("preparsedSchemaName", schemaName);
                    json.WriteBoolean("validateRequest", true);
                }
                json.WritePropertyName("entities");
                json.WriteRawValue(entities.Utf8, skipInputValidation: true);
                json.WriteEndObject();
            })));
        });
        answer.ThrowIfRefused();

        var response = answer.Json.GetProperty("response");
        var diagnostics = response.GetProperty("diagnostics");
        return new AuthorizationResult(
            response.GetProperty("decision").ValueEquals("allow") ? Decision.Allow : Decision.Deny,
            diagnostics.GetProperty("reason").EnumerateArray().Select(id => id.GetString()!).ToFrozenSet(StringComparer.Ordinal),
            diagnostics.GetProperty("errors").EnumerateArray()
                .Select(error => new EvaluationError(
                    error.GetProperty("policyId").GetString()!,
                    error.GetProperty("error").GetProperty("message").GetString()!))
                .OrderBy(error => error.PolicyId, StringComparer.Ordinal)
                .ToArray());
    }

    /// <summary>Ends the engine; calls that are at work finish, later ones throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _pool.Dispose();

    private static ParseResult ParseStatements(EngineInstance engine, SourceText source)
    {
        var whole = Answer.Of(engine.CallWithText("policySetTextToParts", source.Utf8));
        if (!whole.IsSuccess)
            return new ParseResult([], whole.Errors(_ => source));

        var pieces = StatementSplitter.Split(source.Text).ToArray();
        if (pieces.Length != whole.Json.GetProperty("policies").GetArrayLength() + whole.Json.GetProperty("policy_templates").GetArrayLength())
            throw new CedarEngineException("The Cedar engine counts other statements in this text than JitAccess does.");

        var statements = new List<PolicyStatement>();
        var errors = new List<Diagnostic>();
        foreach (var (start, end) in pieces)
        {
            var text = source.Text[start..end];
            var answer = Answer.Of(engine.Call("policyToJson", CedarJson.Write(json => json.WriteStringValue(text))));
            if (answer.IsSuccess)
                statements.Add(StatementOf(answer.Json.GetProperty("json"), text, source.Span(start, end)));
            else
                errors.AddRange(answer.Errors(_ => new SourceText(text)).Select(error => error with
                {
                    Span = error.Span is { } span ? source.Span(start + span.Start, start + span.End) : source.Span(start, end),
                }));
        }
        return errors.Count > 0 ? new ParseResult([], errors) : new ParseResult(statements, []);
    }

    private static PolicyStatement StatementOf(JsonElement policy, string text, SourceSpan span) =>
        new(
            text,
            policy.GetProperty("effect").ValueEquals("permit") ? Effect.Permit : Effect.Forbid,
            policy.TryGetProperty("annotations", out var annotations)
                ? annotations.EnumerateObject().ToFrozenDictionary(note => note.Name, note => note.Value.GetString() ?? "", StringComparer.Ordinal)
                : FrozenDictionary<string, string>.Empty,
            span)
        {
            Depth = DepthOf(policy),
            Syntax = StatementReader.Read(policy),
        };

    private static int DepthOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => 1 + json.EnumerateObject().Select(property => DepthOf(property.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + json.EnumerateArray().Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static void WritePolicies(Utf8JsonWriter json, PolicySet policies)
    {
        json.WriteStartObject();
        json.WriteStartObject("staticPolicies");
        foreach (var (id, text) in policies.Policies)
            json.WriteString(id, text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private Diagnostic? Unreadable(SourceText source)
    {
        if (source.Text.Length > _options.MaxTextLength)
            return new Diagnostic($"The text is too long: {source.Text.Length} characters, where {_options.MaxTextLength} are allowed.");
        return source.FindLoneSurrogate() is { } index
            ? new Diagnostic("The text holds half a character here (a lone UTF-16 surrogate).", Span: source.Span(index, index + 1))
            : null;
    }
}
