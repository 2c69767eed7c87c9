using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using JitAccess.Domain.Policies;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Policies.Documents;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Policies.Documents;

/// <summary>Holds the published schema and the writer together.</summary>
public sealed class SchemaTests
{
    // Of random sets only the shape is right: their numbers and lengths are not.
    private static readonly string[] Limits = ["minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems"];

    private static readonly string[] Understood = [.. Limits, "$schema", "title", "description", "default", "format", "$defs", "$ref", "type", "additionalProperties", "required", "properties", "items", "const", "enum", "oneOf", "minProperties", "maxProperties"];

    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "src", "JitAccess.Web", "wwwroot", "policy-set.schema.json")))!.AsObject();

    [Fact]
    public void Schema_UsesNothingThatThisTestDoesNotCheck()
    {
        Assert.All(Keywords(Schema), keyword => Assert.Contains(keyword, Understood));
        Assert.True(Keywords(Schema).Count() > 50);
    }

    [Fact]
    public void Document_OfTheDemo_IsValid() =>
        Assert.Empty(Problems(Schema, JsonNode.Parse(PolicyDocument.Write(DemoPolicies.PolicySet, DocumentFormat.Json)), "$", withLimits: true));

    [Fact]
    public void Documentation_ShowsADocumentThatIsValid()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "policies.md"));
        string example = Regex.Match(page, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        PolicyImport import = PolicyImports.Read("", System.Text.Encoding.UTF8.GetBytes(example), null, PolicySet.Empty, new JitAccess.Cedar.CedarEngine());
        Assert.DoesNotContain(import.Problems, problem => !problem.IsWarning);
        Assert.Equal((1, 1, 1), (import.Whole!.DenyAccess.Length, import.Whole.AutoApproval.Length, import.Whole.Manual.Length));
        Assert.Empty(Problems(Schema, JsonNode.Parse(PolicyDocument.Write(import.Whole, DocumentFormat.Json)), "$", withLimits: true));
    }

    [Fact]
    public void Document_OfAnySet_HasTheShape() =>
        RandomSets.Any.Sample(policies => Assert.Empty(Problems(Schema, JsonNode.Parse(PolicyDocument.Write(policies, DocumentFormat.Json)), "$", withLimits: false)), iter: 500, threads: 1);

    [Fact]
    public void Schema_RefusesWhatTheReaderRefuses()
    {
        (string Path, JsonNode? Value)[] changes =
        [
            ("format", 2), ("publishNeedsSecondAdmin", "true"), ("colour", "green"), ("manual", null), ("denyAccess.0.effect", "maybe"), ("denyAccess.0.cedar", ""), ("autoApproval.0.maximumHours", 337), ("autoApproval.0.levels", new JsonArray()),
            ("manual.0.targets", new JsonObject()), ("manual.0.targets", "none"), ("manual.0.targets.tags", new JsonArray()), ("manual.0.targets.accounts", new JsonArray("12")), ("manual.0.levels", new JsonArray()), ("manual.0.levels.0.requiredApprovals", 0),
            ("manual.0.levels.0.approvers.0.person", "x"), ("manual.0.levels.0.approvers.0", new JsonObject()), ("manual.0.pendingTimeout", "a week"), ("manual.0.maximumHours", 0), ("manual.0.name", ""), ("manual.0.reasonRule", new JsonObject()), ("manual.0.reasonRule", "long"), ("manual.0.reasonRule", new JsonObject { ["minimumLength"] = 257 }), ("autoApproval.0.reasonRule", new JsonObject { ["pattern"] = "" }),
            ("autoApproval.0.reasonRule", new JsonObject { ["ticketPattern"] = new string('x', 201) }), ("manual.0.reasonRule", new JsonObject { ["colour"] = "green" }), ("denyAccess.0.reasonRule", new JsonObject { ["minimumLength"] = 1 }),
            ("manual.0.sessionRules", new JsonObject()), ("manual.0.sessionRules", "strict"), ("autoApproval.0.sessionRules", new JsonObject { ["idleTimeout"] = "soon" }), ("autoApproval.0.sessionRules", new JsonObject { ["idleTimeout"] = 15 }), ("manual.0.sessionRules", new JsonObject { ["recordingDays"] = 0 }), ("manual.0.sessionRules", new JsonObject { ["recordingDays"] = 3651 }),
            ("manual.0.sessionRules", new JsonObject { ["needsObserver"] = "yes" }), ("manual.0.sessionRules", new JsonObject { ["colour"] = "green" }), ("denyAccess.0.sessionRules", new JsonObject { ["needsObserver"] = true }),
        ];
        foreach ((string path, JsonNode? value) in changes)
        {
            JsonObject document = JsonNode.Parse(PolicyDocument.Write(DemoPolicies.PolicySet, DocumentFormat.Json))!.AsObject();
            string[] steps = path.Split('.');
            JsonNode parent = steps[..^1].Aggregate((JsonNode)document, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);
            if (int.TryParse(steps[^1], out int last)) parent[last] = value;
            else parent[steps[^1]] = value;
            Assert.True(Problems(Schema, document, "$", withLimits: true).Any(), path);
            Assert.False(PolicyImports.Read("", JsonSerializer.SerializeToUtf8Bytes(document), null, PolicySet.Empty, new JitAccess.Cedar.CedarEngine()).IsUsable, path);
        }
    }

    private static IEnumerable<string> Keywords(JsonNode? schema)
    {
        if (schema is not JsonObject fields) yield break;
        foreach ((string keyword, JsonNode? value) in fields)
        {
            yield return keyword;
            IEnumerable<JsonNode?> inner = keyword switch
            {
                "properties" or "$defs" => value!.AsObject().Select(field => field.Value),
                "oneOf" => value!.AsArray(),
                "items" => [value],
                _ => [],
            };
            foreach (string deeper in inner.SelectMany(Keywords)) yield return deeper;
        }
    }

    private static IEnumerable<string> Problems(JsonObject schema, JsonNode? node, string path, bool withLimits)
    {
        foreach ((string keyword, JsonNode? value) in schema)
        {
            if (!withLimits && Limits.Contains(keyword)) continue;
            bool holds = keyword switch
            {
                "type" => value!.GetValue<string>() == TypeOf(node),
                "const" => JsonNode.DeepEquals(value, node),
                "enum" => value!.AsArray().Any(one => JsonNode.DeepEquals(one, node)),
                "oneOf" => value!.AsArray().Count(one => !Problems(one!.AsObject(), node, path, withLimits).Any()) == 1,
                "required" => node is not JsonObject fields || value!.AsArray().All(name => fields.ContainsKey(name!.GetValue<string>())),
                "additionalProperties" => node is not JsonObject fields || fields.All(field => schema["properties"]!.AsObject().ContainsKey(field.Key)),
                "minProperties" => node is not JsonObject fields || fields.Count >= value!.GetValue<int>(),
                "maxProperties" => node is not JsonObject fields || fields.Count <= value!.GetValue<int>(),
                "minItems" => node is not JsonArray list || list.Count >= value!.GetValue<int>(),
                "maxItems" => node is not JsonArray list || list.Count <= value!.GetValue<int>(),
                "minimum" => TypeOf(node) != "integer" || node!.GetValue<int>() >= value!.GetValue<int>(),
                "maximum" => TypeOf(node) != "integer" || node!.GetValue<int>() <= value!.GetValue<int>(),
                "minLength" => TypeOf(node) != "string" || node!.GetValue<string>().Length >= value!.GetValue<int>(),
                "maxLength" => TypeOf(node) != "string" || node!.GetValue<string>().Length <= value!.GetValue<int>(),
                "pattern" => TypeOf(node) != "string" || Regex.IsMatch(node!.GetValue<string>(), value!.GetValue<string>()),
                "format" when value?.GetValueKind() == JsonValueKind.String => TypeOf(node) != "string" || Guid.TryParse(node!.GetValue<string>(), out _),
                _ => true,
            };
            if (!holds) yield return $"{path}: {keyword}";
        }
        IEnumerable<string> inner = (schema["$ref"], node) switch
        {
            ({ } reference, _) => Problems(Schema["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), node, path, withLimits),
            (_, JsonObject fields) when schema["properties"] is JsonObject properties => fields.Where(field => properties.ContainsKey(field.Key)).SelectMany(field => Problems(properties[field.Key]!.AsObject(), field.Value, $"{path}.{field.Key}", withLimits)),
            (_, JsonArray list) when schema["items"] is JsonObject items => list.SelectMany((item, index) => Problems(items, item, $"{path}[{index}]", withLimits)),
            _ => [],
        };
        foreach (string problem in inner) yield return problem;
    }

    private static string TypeOf(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number when node.AsValue().TryGetValue(out int _) => "integer",
        JsonValueKind.Number => "number",
        _ => "null",
    };
}
