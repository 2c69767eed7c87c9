using System.Collections.Immutable;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies.Documents;

/// <summary>
/// Reads AWS's own documents of just-in-time node access (schema version 0.3): ManualApprovalPolicy, with one approve step for each level,
/// and AutoApprovalPolicy, which holds Cedar. What JitAccess cannot express is a problem, never dropped.
/// </summary>
internal static class AwsImport
{
    private const int SecondsPerHour = 3600;

    // The aws:approve action's own default.
    private const int DefaultTimeoutSeconds = 604800;

    public static PolicyImport Read(FieldsNode root, string? name, string fileName, PolicyCheck check)
    {
        DocumentFields fields = new(root, "AWS's policy document", check.Problems);
        if (Scalar(fields, "schemaVersion") is { } version && version != "0.3") check.Problems.Add(fields.At("schemaVersion"), $"This is schema version {version}; JitAccess reads 0.3.");
        string description = Scalar(fields, "description") ?? "";
        if (fields.Node("accessTokenRole") is { } role) check.Problems.Add(role, "accessTokenRole is not taken over: the access role is set for each account in JitAccess's settings.", isWarning: true);
        int? hours = Hours(fields, check);
        bool isAuto = root.Fields.Any(field => field.Key.Text == "AutoApprovalPolicyDocuments");
        ImmutableArray<Policy> policies = isAuto ? Auto(fields, hours ?? 1, name, check) : Manual(fields, hours, name ?? NameOf(fileName, description, "Imported manual policy"), description, check);
        fields.RefuseOthers();
        return new PolicyImport(null, policies, []);
    }

    private static string NameOf(string fileName, string description, string otherwise) =>
        fileName.Length > 0 ? fileName : description.Length is > 0 and <= PolicyRules.MaximumNameLength ? description : otherwise;

    private static ImmutableArray<Policy> Manual(DocumentFields fields, int? hours, string name, string description, PolicyCheck check)
    {
        if (hours is null) fields.WholeNumber("accessDuration", isRequired: true);
        NodeTarget target = Target(fields, check);
        List<(ApprovalLevel Level, int Seconds)> steps = [.. fields.List("mainSteps", isRequired: true).Select(step => Step(step, check)).OfType<(ApprovalLevel, int)>()];
        int seconds = steps.Select(step => step.Seconds).DefaultIfEmpty(DefaultTimeoutSeconds).Min();
        if (steps.Any(step => step.Seconds != seconds))
            check.Problems.Add(fields.At("mainSteps"), $"The steps have different timeoutSeconds. In JitAccess a request may stay pending for one time in all: {DurationText.Write(TimeSpan.FromSeconds(seconds))}, the shortest of them.", isWarning: true);
        ManualPolicy policy = new()
        {
            Id = check.IdFor(null, PolicyKind.Manual, name),
            Name = name,
            Description = description,
            Target = target,
            MaximumHours = hours ?? 1,
            PendingTimeout = TimeSpan.FromSeconds(seconds),
            Levels = [.. steps.Select(step => step.Level)],
        };
        check.Judge(policy, field => fields.At(field switch
        {
            nameof(Policy.Description) => "description",
            nameof(ManualPolicy.MaximumHours) => "accessDuration",
            nameof(ManualPolicy.Target) => "targets",
            nameof(ManualPolicy.Levels) or nameof(ManualPolicy.PendingTimeout) => "mainSteps",
            _ => "schemaVersion",
        }));
        return [policy];
    }

    private static ImmutableArray<Policy> Auto(DocumentFields fields, int hours, string? name, PolicyCheck check)
    {
        ImmutableArray<Policy>.Builder policies = ImmutableArray.CreateBuilder<Policy>();
        foreach (DocumentNode node in fields.List("AutoApprovalPolicyDocuments"))
        {
            DocumentFields one = new(node, "an auto-approval policy of AWS", check.Problems);
            if (!one.IsReadable) continue;
            string id = Scalar(one, "id") ?? "", description = Scalar(one, "description") ?? "";
            if (Scalar(one, "type") is { } type && type != "Cedar") check.Problems.Add(one.At("type"), $"“{type}” is no type that JitAccess reads. It reads Cedar.");
            string? content = one.Text("content", isRequired: true);
            one.RefuseOthers();
            if (content is null || one.At("content") is not ScalarNode text) continue;
            string named = name ?? NameOf("", description, id.Length > 0 ? id : "Imported auto-approval");
            if (CedarImport.Of(content, text, named, description, check) is not { } policy) continue;
            if (policy is AutoApprovalPolicy auto) policy = auto with { MaximumHours = hours };
            check.Judge(policy, field => field is nameof(AutoApprovalPolicy.Cedar) ? text : one.At(field is nameof(Policy.Description) ? "description" : "id"));
            policies.Add(policy);
        }
        return policies.ToImmutable();
    }

    private static int? Hours(DocumentFields fields, PolicyCheck check)
    {
        if (fields.WholeNumber("accessDuration") is not { } seconds) return null;
        if (seconds % SecondsPerHour == 0) return seconds / SecondsPerHour;
        check.Problems.Add(fields.At("accessDuration"), $"{seconds} seconds are not whole hours, which is how JitAccess counts access. Write {(seconds + SecondsPerHour - 1) / SecondsPerHour * SecondsPerHour} or {seconds / SecondsPerHour * SecondsPerHour}.");
        return null;
    }

    private static NodeTarget Target(DocumentFields fields, PolicyCheck check)
    {
        ImmutableArray<TagPair>.Builder tags = ImmutableArray.CreateBuilder<TagPair>();
        (bool isAll, bool isOther) = (false, false);
        foreach (DocumentNode node in fields.List("targets", isRequired: true))
        {
            DocumentFields target = new(node, "a target", check.Problems);
            string? key = Scalar(target, "Key", isRequired: true);
            List<string> values = [.. target.List("Values", isRequired: true).OfType<ScalarNode>().Select(value => value.Text)];
            target.RefuseOthers();
            if (key is "InstanceIds" && values is ["*"]) isAll = true;
            else if (key is not null && key.StartsWith("tag:", StringComparison.Ordinal)) tags.AddRange(values.Select(value => new TagPair(key["tag:".Length..], value)));
            else if ((isOther = key is not null)) check.Problems.Add(target.At("Key"), $"Targets by {key} cannot be expressed. JitAccess takes tag:<name>, or InstanceIds with the one value \"*\" for all nodes.");
        }
        if (isAll) return NodeTarget.AllNodes;
        if (tags.Count == 0 && !isOther) check.Problems.Add(fields.At("targets"), "The targets name no tag. For all nodes write Key: InstanceIds, Values: [\"*\"].");
        return new NodeTarget { Tags = [.. tags.Distinct()] };
    }

    private static (ApprovalLevel, int)? Step(DocumentNode node, PolicyCheck check)
    {
        DocumentFields step = new(node, "a step", check.Problems);
        if (!step.IsReadable) return null;
        Scalar(step, "name");
        if (Scalar(step, "action", isRequired: true) is { } action && action != "aws:approve") check.Problems.Add(step.At("action"), $"“{action}” is no step that JitAccess takes. A level is a step with the action aws:approve.");
        int seconds = step.WholeNumber("timeoutSeconds") ?? DefaultTimeoutSeconds;
        ApprovalLevel? level = step.Node("inputs", isRequired: true) is { } inputs ? Level(inputs, check) : null;
        step.RefuseOthers();
        return level is null ? null : (level, seconds);
    }

    private static ApprovalLevel? Level(DocumentNode node, PolicyCheck check)
    {
        DocumentFields inputs = new(node, "the inputs of a step", check.Problems);
        if (!inputs.IsReadable) return null;
        Scalar(inputs, "Message");
        int required = inputs.WholeNumber("MinRequiredApprovals") ?? 1;
        DocumentNode? enhanced = inputs.Node("EnhancedApprovals", isRequired: true);
        inputs.RefuseOthers();
        if (enhanced is null) return null;
        DocumentFields approvals = new(enhanced, "EnhancedApprovals", check.Problems);
        ImmutableArray<Approver> approvers = [.. approvals.List("Approvers", isRequired: true).Select(approver => ApproverOf(approver, check)).OfType<Approver>()];
        approvals.RefuseOthers();
        return new ApprovalLevel(approvers, required);
    }

    private static Approver? ApproverOf(DocumentNode node, PolicyCheck check)
    {
        DocumentFields fields = new(node, "an approver", check.Problems);
        string? id = Scalar(fields, "approver", isRequired: true), type = Scalar(fields, "type", isRequired: true);
        fields.RefuseOthers();
        if (id is null || type is null) return null;
        ApproverKind? kind = type.ToUpperInvariant() switch
        {
            "SSOGROUP" => ApproverKind.Group,
            "SSOUSER" => ApproverKind.Person,
            "IAMROLE" => ApproverKind.Role,
            _ => null,
        };
        if (kind is { } known) return new Approver(known, id);
        check.Problems.Add(fields.At("type"), $"“{type}” is no kind of approver that JitAccess takes. It takes SSOGroup, SSOUser and IamRole; an IAM user cannot approve.");
        return null;
    }

    // AWS's samples quote some texts and not others.
    private static string? Scalar(DocumentFields fields, string name, bool isRequired = false) => fields.Node(name, isRequired) is ScalarNode scalar ? scalar.Text : null;
}
