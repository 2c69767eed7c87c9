using System.Collections.Immutable;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Reads a whole policy set. Strict: whatever is missing, unknown, twice or of the wrong kind is a problem, so that a slip of the pen never quietly loosens a rule.</summary>
internal static class PolicySetReader
{
    /// <summary>The set; null if the document is none. Only worth anything when there are no problems.</summary>
    public static PolicySet? Read(DocumentNode root, PolicyCheck check)
    {
        DocumentFields fields = new(root, "a policy document", check.Problems);
        if (!fields.IsReadable) return null;
        fields.Text("$schema");
        if (fields.WholeNumber("format", isRequired: true) is { } format && format != PolicyDocument.Format)
            check.Problems.Add(fields.At("format"), $"This is format {format}; JitAccess reads format {PolicyDocument.Format}.");
        bool secondAdmin = fields.Flag("publishNeedsSecondAdmin", otherwise: false, isRequired: true);
        IReadOnlyList<DocumentNode> deny = fields.List("denyAccess", isRequired: true), auto = fields.List("autoApproval", isRequired: true), manual = fields.List("manual", isRequired: true);
        fields.RefuseOthers();
        ReserveIds(deny.Concat(auto).Concat(manual), check);
        return new PolicySet
        {
            PublishNeedsSecondAdmin = secondAdmin,
            DenyAccess = Numbered(deny.Select(node => Deny(node, check))),
            AutoApproval = Numbered(auto.Select(node => Auto(node, check))),
            Manual = Numbered(manual.Select(node => Manual(node, check))),
        };
    }

    private static ImmutableArray<T> Numbered<T>(IEnumerable<T?> policies) where T : Policy =>
        [.. policies.OfType<T>().Select((policy, index) => policy with { Order = index + 1 })];

    private static void ReserveIds(IEnumerable<DocumentNode> policies, PolicyCheck check)
    {
        foreach (ScalarNode id in policies.OfType<FieldsNode>().SelectMany(policy => policy.Fields).Where(field => field.Key.Text == "id").Select(field => field.Value).OfType<ScalarNode>())
        {
            if (Guid.TryParseExact(id.Text, "D", out Guid value) && !check.Reserve(value)) check.Problems.Add(id, $"Another policy has the id {id.Text}. Remove this one to get a new id.");
        }
    }

    private static DenyAccessPolicy? Deny(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "a deny-access policy", check.Problems);
        if (!fields.IsReadable) return null;
        Details details = Details.Read(fields, PolicyKind.DenyAccess, check);
        DenyEffect effect = fields.Text("effect") switch
        {
            null or "blockAutoApproval" => DenyEffect.BlockAutoApproval,
            "refuse" => DenyEffect.Refuse,
            { } other => Wrong(fields.At("effect"), $"“{other}” is no effect. Write blockAutoApproval or refuse.", DenyEffect.Refuse, check),
        };
        DenyAccessPolicy policy = new()
        {
            Id = details.Id,
            Name = details.Name,
            Description = details.Description,
            Enabled = details.Enabled,
            Effect = effect,
            Cedar = fields.Text("cedar", isRequired: true) ?? "",
        };
        return Judged(policy, fields, check);
    }

    private static AutoApprovalPolicy? Auto(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "an auto-approval policy", check.Problems);
        if (!fields.IsReadable) return null;
        Details details = Details.Read(fields, PolicyKind.AutoApproval, check);
        AutoApprovalPolicy policy = new()
        {
            Id = details.Id,
            Name = details.Name,
            Description = details.Description,
            Enabled = details.Enabled,
            MaximumHours = fields.WholeNumber("maximumHours") ?? 1,
            ReasonRule = Rule(fields, check),
            SessionRules = SessionRulesDocument.Read(fields, check),
            Cedar = fields.Text("cedar", isRequired: true) ?? "",
        };
        return Judged(policy, fields, check);
    }

    private static ManualPolicy? Manual(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "a manual policy", check.Problems);
        if (!fields.IsReadable) return null;
        Details details = Details.Read(fields, PolicyKind.Manual, check);
        ManualPolicy policy = new()
        {
            Id = details.Id,
            Name = details.Name,
            Description = details.Description,
            Enabled = details.Enabled,
            Target = fields.Node("targets", isRequired: true) is { } targets ? Target(targets, check) : NodeTarget.AllNodes,
            MaximumHours = fields.WholeNumber("maximumHours", isRequired: true) ?? 1,
            PendingTimeout = Pending(fields, check),
            ReasonRule = Rule(fields, check),
            SessionRules = SessionRulesDocument.Read(fields, check),
            BreakGlass = BreakGlass(fields, check),
            Levels = [.. fields.List("levels", isRequired: true).Select(level => Level(level, check)).OfType<ApprovalLevel>()],
        };
        return Judged(policy, fields, check);
    }

    private static T Judged<T>(T policy, DocumentFields fields, PolicyCheck check) where T : Policy
    {
        fields.RefuseOthers();
        check.Judge(policy, field => fields.At(NameOf(field)));
        return policy;
    }

    // The field of a form and that of a document differ in one name only.
    private static string NameOf(string field) => field == nameof(ManualPolicy.Target) ? "targets" : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field);

    private static TimeSpan Pending(DocumentFields fields, PolicyCheck check)
    {
        if (fields.Text("pendingTimeout") is not { } text) return ManualPolicy.DefaultPendingTimeout;
        if (DurationText.TryRead(text, out TimeSpan timeout)) return timeout;
        check.Problems.Add(fields.At("pendingTimeout"), $"“{text}” is no duration. Write a number and a unit: 7 days, 12 hours, 90 minutes.");
        return ManualPolicy.DefaultPendingTimeout;
    }

    private static ReasonRule? Rule(DocumentFields of, PolicyCheck check)
    {
        if (of.Node("reasonRule") is not { } node) return null;
        DocumentFields fields = new(node, "a reason rule", check.Problems);
        if (!fields.IsReadable) return null;
        ReasonRule rule = new()
        {
            MinimumLength = fields.WholeNumber("minimumLength") ?? 0,
            Pattern = fields.Text("pattern"),
            PatternHint = fields.Text("patternHint"),
            TicketPattern = fields.Text("ticketPattern"),
            TicketHint = fields.Text("ticketHint"),
        };
        fields.RefuseOthers();
        if (node is FieldsNode { Fields.Count: 0 }) check.Problems.Add(node, "The reason rule is empty. Leave it out if nothing is to be asked for.");
        return rule;
    }

    private static BreakGlassRule? BreakGlass(DocumentFields of, PolicyCheck check)
    {
        if (of.Node("breakGlass") is not { } node) return null;
        DocumentFields fields = new(node, "a break-glass rule", check.Problems);
        if (!fields.IsReadable) return null;
        BreakGlassRule rule = new()
        {
            Groups = [.. fields.List("groups", isRequired: true).Select(item => fields.TextOf(item, "An entry of “groups”")).OfType<string>()],
            MaximumHours = fields.WholeNumber("maximumHours") ?? 1,
        };
        fields.RefuseOthers();
        return rule;
    }

    private static NodeTarget Target(DocumentNode node, PolicyCheck check)
    {
        if (node is ScalarNode { Text: "all" }) return NodeTarget.AllNodes;
        DocumentFields fields = new(node, "the targets of a manual policy: the word all, or fields", check.Problems);
        if (!fields.IsReadable) return NodeTarget.AllNodes;
        NodeTarget target = new()
        {
            Tags = [.. Filled(fields, "tags", check).Select(tag => Tag(tag, check)).OfType<TagPair>()],
            Accounts = Texts(fields, "accounts", check),
            Regions = Texts(fields, "regions", check),
            Platforms = Texts(fields, "platforms", check),
        };
        fields.RefuseOthers();
        if (node is FieldsNode { Fields.Count: 0 }) check.Problems.Add(node, "The targets are empty. Write all for all nodes, or tags, accounts, regions or platforms.");
        return target;
    }

    private static TagPair? Tag(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "a tag", check.Problems);
        TagPair? tag = fields.Text("key", isRequired: true) is { } key && fields.Text("value", isRequired: true) is { } value ? new TagPair(key, value) : null;
        if (tag is null) fields.Node("value");
        fields.RefuseOthers();
        return tag;
    }

    private static ImmutableArray<string> Texts(DocumentFields fields, string name, PolicyCheck check) =>
        [.. Filled(fields, name, check).Select(item => fields.TextOf(item, $"An entry of “{name}”")).OfType<string>()];

    // An empty list of tags would mean all nodes, which nobody means by it.
    private static IReadOnlyList<DocumentNode> Filled(DocumentFields fields, string name, PolicyCheck check)
    {
        IReadOnlyList<DocumentNode> items = fields.List(name);
        if (items.Count == 0 && fields.At(name) is ListNode empty) check.Problems.Add(empty, $"“{name}” is empty. Leave it out if it is not to matter.");
        return items;
    }

    private static ApprovalLevel? Level(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "a level", check.Problems);
        if (!fields.IsReadable) return null;
        int? required = fields.WholeNumber("requiredApprovals", isRequired: true);
        ImmutableArray<Approver> approvers = [.. fields.List("approvers", isRequired: true).Select(approver => Approver(approver, check)).OfType<Approver>()];
        fields.RefuseOthers();
        return new ApprovalLevel(approvers, required ?? 1);
    }

    private static Approver? Approver(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "an approver", check.Problems);
        if (!fields.IsReadable) return null;
        Approver[] named = [.. Enum.GetValues<ApproverKind>().Select(kind => fields.Text(PolicyDocument.KeyOf(kind)) is { } id ? new Approver(kind, id) : null).OfType<Approver>()];
        fields.RefuseOthers();
        if (node is FieldsNode { Fields.Count: not 1 }) check.Problems.Add(node, "An approver is exactly one of person, group and role.");
        return named.FirstOrDefault();
    }

    private static T Wrong<T>(DocumentNode node, string message, T otherwise, PolicyCheck check)
    {
        check.Problems.Add(node, message);
        return otherwise;
    }

    /// <summary>What all policies have.</summary>
    private sealed record Details(Guid Id, string Name, string Description, bool Enabled)
    {
        public static Details Read(DocumentFields fields, PolicyKind kind, PolicyCheck check)
        {
            Guid? id = null;
            if (fields.Text("id") is { } text)
            {
                if (Guid.TryParseExact(text, "D", out Guid value) && value != Guid.Empty) id = value;
                else check.Problems.Add(fields.At("id"), $"“{text}” is no id: a UUID such as {Guid.CreateVersion7()}. Remove it to get a new one.");
            }
            string name = fields.Text("name", isRequired: true) ?? "";
            return new Details(check.IdFor(id, kind, name), name, fields.Text("description") ?? "", fields.Flag("enabled", otherwise: true));
        }
    }
}
