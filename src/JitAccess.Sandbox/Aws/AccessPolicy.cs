using System.Text.Json;
using System.Text.Json.Nodes;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// An IAM policy document, as far as the emulator judges it: Effect, Action, Resource, and the conditions that matter
/// for sessions: the check of their documents, and what their keys are bound to. Anything else is refused rather than ignored.
/// </summary>
internal sealed class AccessPolicy
{
    private const string DocumentCheck = "ssm:SessionDocumentAccessCheck";
    private const string KeyContext = "kms:EncryptionContext:";

    private readonly IReadOnlyList<Statement> statements;

    private AccessPolicy(IReadOnlyList<Statement> statements) => this.statements = statements;

    /// <summary>Whether a statement asks for the session document to be judged even when the caller names none.</summary>
    public bool ChecksDefaultDocument => statements.Any(statement => statement.ChecksDocument);

    /// <summary>Whether some statement allows the action on the resource and none denies it.</summary>
    public bool Allows(string action, string resource, AwsCaller caller, IReadOnlyDictionary<string, string>? conditions = null)
    {
        bool allowed = false;
        foreach (Statement statement in statements)
        {
            if (!statement.Actions.Any(pattern => Matches(pattern, action, StringComparison.OrdinalIgnoreCase))
                || !statement.Resources.Any(pattern => Matches(Substitute(pattern, caller), resource, StringComparison.Ordinal))
                || !statement.Equal.All(pair => conditions?.GetValueOrDefault(pair.Key) is { } value && pair.Value.Contains(value)))
                continue;
            if (!statement.IsAllow)
                return false;
            allowed = true;
        }

        return allowed;
    }

    public static AccessPolicy Parse(string json)
    {
        try
        {
            JsonObject document = JsonNode.Parse(json) as JsonObject ?? throw Malformed("it is not an object");
            IEnumerable<JsonNode?> statements = document["Statement"] switch
            {
                JsonArray array => array,
                JsonObject single => [single],
                _ => throw Malformed("it has no statement"),
            };
            return new AccessPolicy([.. statements.Select(ParseStatement)]);
        }
        catch (Exception defect) when (defect is JsonException or InvalidOperationException)
        {
            throw Malformed("it is not valid JSON of a policy");
        }
    }

    private static Statement ParseStatement(JsonNode? node)
    {
        JsonObject statement = node as JsonObject ?? throw Malformed("a statement is not an object");
        string? unknown = statement.Select(member => member.Key)
            .FirstOrDefault(key => key is not ("Sid" or "Effect" or "Action" or "Resource" or "Condition"));
        if (unknown is not null)
            throw Malformed($"the emulator does not judge {unknown}");
        return new Statement(
            statement["Effect"]?.GetValue<string>() switch
            {
                "Allow" => true,
                "Deny" => false,
                _ => throw Malformed("an effect is neither Allow nor Deny"),
            },
            Texts(statement["Action"], "Action"),
            Texts(statement["Resource"], "Resource"),
            ParseDocumentCheck(statement["Condition"] as JsonObject ?? []),
            ParseEqual(statement["Condition"] as JsonObject ?? []));
    }

    private static bool ParseDocumentCheck(JsonObject condition)
    {
        bool checks = false;
        foreach ((string operation, JsonNode? keys) in condition.Where(pair => pair.Key != "StringEquals"))
        {
            if (operation is not ("Bool" or "BoolIfExists") || keys is not JsonObject { Count: 1 } values || !values.ContainsKey(DocumentCheck))
                throw Malformed($"the emulator judges no condition but {DocumentCheck} and StringEquals of {KeyContext}…");
            checks |= Texts(values[DocumentCheck], DocumentCheck).Contains("true");
        }

        return checks;
    }

    private static Dictionary<string, string[]> ParseEqual(JsonObject condition)
    {
        if (!condition.TryGetPropertyValue("StringEquals", out JsonNode? equal))
            return [];
        if (equal is not JsonObject values || values.Any(pair => !pair.Key.StartsWith(KeyContext, StringComparison.Ordinal)))
            throw Malformed($"the emulator judges StringEquals of {KeyContext}… only");
        return values.ToDictionary(pair => pair.Key, pair => Texts(pair.Value, pair.Key));
    }

    private static string[] Texts(JsonNode? node, string member) => node switch
    {
        JsonArray { Count: > 0 } array => [.. array.Select(item => item!.GetValue<string>())],
        JsonValue value => [value.ToString()],
        _ => throw Malformed($"a statement has no {member}"),
    };

    private static string Substitute(string pattern, AwsCaller caller) => pattern
        .Replace("${aws:userid}", caller.UserId, StringComparison.Ordinal)
        .Replace("${aws:username}", caller.Arn[(caller.Arn.LastIndexOf('/') + 1)..], StringComparison.Ordinal);

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, StringComparison comparison)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                pattern = pattern.TrimStart('*');
                for (int skipped = 0; skipped <= text.Length; skipped++)
                    if (Matches(pattern, text[skipped..], comparison))
                        return true;
                return false;
            }

            if (text.IsEmpty || (pattern[0] != '?' && !pattern[..1].Equals(text[..1], comparison)))
                return false;
            pattern = pattern[1..];
            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static AwsError Malformed(string why) => new("MalformedPolicyDocument", $"The policy is not in the valid format: {why}.");

    private sealed record Statement(bool IsAllow, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, bool ChecksDocument, IReadOnlyDictionary<string, string[]> Equal);
}
