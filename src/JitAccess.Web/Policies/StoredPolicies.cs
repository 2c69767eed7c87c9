using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;

namespace JitAccess.Web.Policies;

/// <summary>A policy set as it is stored: one JSON document. What is stored may have been written by another version of the application, or by hand, so reading it can fail.</summary>
/// <param name="Policies">The policies; null if the document cannot be read.</param>
/// <param name="Problem">Why it cannot be read, naming the policy; null if it can.</param>
/// <param name="NeedsSecondAdmin">Whether the set asks for a second admin, which is known of documents that cannot be read as well.</param>
internal sealed partial record StoredPolicies(PolicySet? Policies, string? Problem, bool NeedsSecondAdmin)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        TypeInfoResolver = JsonColumns.Stored,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The document. Policies stand in their order and are numbered by it, so that two sets that mean the same are the same text.</summary>
    public static string Write(PolicySet policies) => JsonSerializer.Serialize(new PolicySet
    {
        DenyAccess = [.. Numbered<DenyAccessPolicy>(policies)],
        AutoApproval = [.. Numbered<AutoApprovalPolicy>(policies)],
        Manual = [.. Numbered<ManualPolicy>(policies)],
        PublishNeedsSecondAdmin = policies.PublishNeedsSecondAdmin,
    }, Options);

    /// <summary>One policy, for an audit entry that tells of it alone; null for none.</summary>
    public static string? Write(Policy? policy) => policy is null ? null : JsonSerializer.Serialize(policy, policy.GetType(), Options);

    public static StoredPolicies Read(string document)
    {
        try
        {
            PolicySet policies = JsonSerializer.Deserialize<PolicySet>(document, Options) ?? throw new JsonException("The document is null.");
            return Missing(policies) is { } missing
                ? new StoredPolicies(null, missing, policies.PublishNeedsSecondAdmin)
                : new StoredPolicies(policies, null, policies.PublishNeedsSecondAdmin);
        }
        catch (JsonException exception)
        {
            return new StoredPolicies(null, Explain(document, exception.Path), SaysSecondAdmin(document));
        }
    }

    private static IEnumerable<T> Numbered<T>(PolicySet policies) where T : Policy =>
        policies.InOrderOfEvaluation.OfType<T>().Select((policy, index) => policy with { Order = index + 1 });

    // The reader lets null stand for an entry of a list; nothing that is stored by us has one.
    private static string? Missing(PolicySet policies) =>
        policies.DenyAccess.Contains(null!) || policies.AutoApproval.Contains(null!) || policies.Manual.Contains(null!)
            ? "an entry that should be a policy is empty."
            : policies.Manual.FirstOrDefault(policy => policy.Target.Tags.Contains(null!) || policy.Levels.Contains(null!) || policy.Levels.Any(level => level.Approvers.IsDefault || level.Approvers.Contains(null!))) is { } manual
                ? $"the policy “{manual.Name}” has an empty tag, level or approver."
                : policies.InOrderOfEvaluation.GroupBy(policy => policy.Id).FirstOrDefault(group => group.Count() > 1) is { } twice
                    ? $"the policies {string.Join(" and ", twice.Select(policy => $"“{policy.Name}”"))} have the same id."
                    : null;

    private static string Explain(string document, string? path)
    {
        string place = path is null or "$" ? "it is no policy set." : $"the value at {path.TrimStart('$', '.')} is missing or of another kind.";
        Match at = PolicyPath().Match(path ?? "");
        if (!at.Success) return place;
        using JsonDocument json = JsonDocument.Parse(document);
        JsonElement policy = json.RootElement.GetProperty(at.Groups[1].Value)[int.Parse(at.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)];
        return policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String
            ? $"in the policy “{name.GetString()}”, {place}"
            : place;
    }

    // Fails closed: only a rule that is absent or plainly off does not bind.
    private static bool SaysSecondAdmin(string document)
    {
        using JsonDocument json = JsonDocument.Parse(document);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("publishNeedsSecondAdmin", out JsonElement rule) && rule.ValueKind != JsonValueKind.False;
    }

    [GeneratedRegex(@"^\$\.(denyAccess|autoApproval|manual)\[(\d+)\]")]
    private static partial Regex PolicyPath();
}
