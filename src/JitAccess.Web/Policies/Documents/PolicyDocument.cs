using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies.Documents;

/// <summary>
/// A whole policy set as a document that people and Git keep. Policies stand in order of evaluation, and their place is their order;
/// the same set is always the same bytes. docs/policies.md and wwwroot/policy-set.schema.json describe it.
/// </summary>
public static class PolicyDocument
{
    /// <summary>The version of the format.</summary>
    public const int Format = 1;

    /// <summary>What the document says its schema is: the file that the application serves, laid beside it.</summary>
    public const string Schema = "./policy-set.schema.json";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // Read by people, never put into a page: quotes and letters of all languages stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document, ending in a line feed.</summary>
    public static string Write(PolicySet policies, DocumentFormat format) => format switch
    {
        DocumentFormat.Yaml => YamlText.Write(Tree(policies)),
        DocumentFormat.Json => Tree(policies).ToJsonString(JsonOptions) + "\n",
    };

    /// <summary>A name for the file: <c>policies-7.yaml</c>, <c>policies-draft.json</c>, <c>policies.yaml</c>.</summary>
    public static string FileName(string? version, DocumentFormat format) =>
        $"policies{(version is null ? "" : "-" + version)}.{(format == DocumentFormat.Yaml ? "yaml" : "json")}";

    private static JsonObject Tree(PolicySet policies) => new()
    {
        ["$schema"] = Schema,
        ["format"] = Format,
        ["publishNeedsSecondAdmin"] = policies.PublishNeedsSecondAdmin,
        ["denyAccess"] = List(policies.InOrderOfEvaluation.OfType<DenyAccessPolicy>(), policy => With(policy,
            ("effect", policy.Effect switch { DenyEffect.BlockAutoApproval => "blockAutoApproval", DenyEffect.Refuse => "refuse" }),
            ("cedar", policy.Cedar))),
        ["autoApproval"] = List(policies.InOrderOfEvaluation.OfType<AutoApprovalPolicy>(), policy => With(policy,
            ("maximumHours", policy.MaximumHours),
            ("reasonRule", Rule(policy.ReasonRule)),
            (SessionRulesDocument.Field, SessionRulesDocument.Write(policy.SessionRules)),
            ("cedar", policy.Cedar))),
        ["manual"] = List(policies.InOrderOfEvaluation.OfType<ManualPolicy>(), policy => With(policy,
            ("targets", Targets(policy.Target)),
            ("maximumHours", policy.MaximumHours),
            ("pendingTimeout", DurationText.Write(policy.PendingTimeout)),
            ("reasonRule", Rule(policy.ReasonRule)),
            (SessionRulesDocument.Field, SessionRulesDocument.Write(policy.SessionRules)),
            ("breakGlass", BreakGlass(policy.BreakGlass)),
            ("levels", List(policy.Levels, Level)))),
    };

    private static JsonObject With(Policy policy, params ReadOnlySpan<(string Name, JsonNode? Value)> own)
    {
        JsonObject fields = new()
        {
            ["id"] = policy.Id.ToString(),
            ["name"] = policy.Name,
            ["description"] = policy.Description,
            ["enabled"] = policy.Enabled,
        };
        foreach ((string name, JsonNode? value) in own)
        {
            if (value is not null) fields[name] = value;
        }
        return fields;
    }

    private static JsonNode Targets(NodeTarget target)
    {
        JsonObject targets = [];
        if (target.IsByTags) targets["tags"] = List(target.Tags, tag => new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value });
        if (!target.Accounts.IsEmpty) targets["accounts"] = List(target.Accounts, account => account);
        if (!target.Regions.IsEmpty) targets["regions"] = List(target.Regions, region => region);
        if (!target.Platforms.IsEmpty) targets["platforms"] = List(target.Platforms, platform => platform);
        return targets.Count == 0 ? "all" : targets;
    }

    private static JsonObject? Rule(ReasonRule? rule)
    {
        if (rule is null) return null;
        JsonObject fields = new() { ["minimumLength"] = rule.MinimumLength };
        foreach ((string name, string? text) in new[] { ("pattern", rule.Pattern), ("patternHint", rule.PatternHint), ("ticketPattern", rule.TicketPattern), ("ticketHint", rule.TicketHint) })
        {
            if (text is not null) fields[name] = text;
        }
        return fields;
    }

    private static JsonObject? BreakGlass(BreakGlassRule? rule) => rule is null ? null : new()
    {
        ["groups"] = List(rule.Groups, group => group),
        ["maximumHours"] = rule.MaximumHours,
    };

    private static JsonObject Level(ApprovalLevel level) => new()
    {
        ["requiredApprovals"] = level.RequiredApprovals,
        ["approvers"] = List(level.Approvers, approver => new JsonObject { [KeyOf(approver.Kind)] = approver.Id }),
    };

    internal static string KeyOf(ApproverKind kind) => kind switch
    {
        ApproverKind.Person => "person",
        ApproverKind.Group => "group",
        ApproverKind.Role => "role",
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> item) => [.. items.Select(item)];
}
