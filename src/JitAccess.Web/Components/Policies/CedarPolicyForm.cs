using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Conditions;
using JitAccess.Web.Components.Policies.Forms;
using JitAccess.Web.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>
/// A deny-access or auto-approval policy while it is written, as conditions or as Cedar. The Cedar text is the policy; rows that
/// were changed write it anew, and a text that was changed is read into rows again before they are shown.
/// </summary>
public sealed class CedarPolicyForm
{
    private readonly Policy policy;

    // The text that the rows belong to, and what it says; null while the rows have not been written in full.
    private string? rowsOf;
    private PolicyConditions? said;
    private ImmutableArray<string> unfinished = [];

    public CedarPolicyForm(Policy policy)
    {
        this.policy = policy;
        Take(policy);
        if (Cedar.Length == 0) (Rows, rowsOf, IsInConditions) = (ConditionsForm.ForNew(IsDeny), "", true);
        WriteRows();
    }

    public string Name { get; set; }

    public string Description { get; set; }

    public bool Enabled { get; set; }

    /// <summary>One or more Cedar statements.</summary>
    public string Cedar { get; set; }

    /// <summary>For deny-access policies.</summary>
    public DenyEffect Effect { get; set; }

    /// <summary>For auto-approval policies.</summary>
    public int MaximumHours { get; set; } = 1;

    /// <summary>For auto-approval policies.</summary>
    public ReasonRuleForm ReasonRule { get; private set; } = new();

    /// <summary>For auto-approval policies.</summary>
    public SessionRulesForm SessionRules { get; private set; } = new();

    public bool IsDeny => policy is DenyAccessPolicy;

    /// <summary>What the statements do.</summary>
    public Effect StatementEffect => IsDeny ? JitAccess.Cedar.Effect.Forbid : JitAccess.Cedar.Effect.Permit;

    /// <summary>True while the policy is shown as conditions, false while it is shown as Cedar.</summary>
    public bool IsInConditions { get; private set; }

    /// <summary>The conditions; null if conditions cannot say what the text says.</summary>
    public ConditionsForm? Rows { get; private set; }

    /// <summary>Why conditions cannot say what the text says; empty if they can.</summary>
    public string WhyNoRows { get; private set; } = "";

    /// <summary>Why the rows are not in the text yet, in sentences; empty if the text says what they say, or was changed after them.</summary>
    public ImmutableArray<string> Unfinished => IsToBeRead ? [] : unfinished;

    /// <summary>Whether the text has changed since the rows were read or written.</summary>
    public bool IsToBeRead => rowsOf != Cedar;

    /// <summary>Shows the Cedar text.</summary>
    public void ShowCedar() => IsInConditions = false;

    /// <summary>Shows the conditions. A text that changed is to be read before, by <see cref="Read"/>.</summary>
    public void ShowConditions() => IsInConditions = true;

    /// <summary>Takes what the text was found to say.</summary>
    public void Read(ConditionsReading reading)
    {
        bool isEmpty = string.IsNullOrWhiteSpace(Cedar);
        Rows = isEmpty ? ConditionsForm.ForNew(IsDeny) : reading.Conditions is { } conditions ? ConditionsForm.Of(conditions) : null;
        (rowsOf, said, unfinished, WhyNoRows) = (Cedar, reading.Conditions, [], isEmpty ? "" : reading.WhyNot);
        if (isEmpty) WriteRows();
    }

    /// <summary>Writes the rows as Cedar, if they are finished and say something else than the text does.</summary>
    public void WriteRows()
    {
        if (Rows is null || IsToBeRead) return;
        PolicyConditions conditions = Rows.ToConditions();
        unfinished = conditions.Problems;
        // A text that says the same already stays as it was laid out.
        if (!unfinished.IsEmpty || conditions == said) return;
        (Cedar, said) = (conditions.ToCedar(StatementEffect), conditions);
        rowsOf = Cedar;
    }

    /// <summary>The policy with nothing but its conditions on nodes, for counting; null if they are not known.</summary>
    public Policy? ForNodesAlone() => said is null || IsToBeRead || !unfinished.IsEmpty
        ? null
        : With((said with { Who = [], When = [] }).ToCedar(StatementEffect));

    /// <summary>Shows what another state of the policy says: a mended one, or the one before it.</summary>
    [MemberNotNull(nameof(Name), nameof(Description), nameof(Cedar))]
    public void Take(Policy other)
    {
        (Name, Description, Enabled) = (other.Name, other.Description, other.Enabled);
        Cedar = other switch { DenyAccessPolicy deny => deny.Cedar, AutoApprovalPolicy permit => permit.Cedar, _ => throw new ArgumentOutOfRangeException(nameof(other)) };
        if (other is DenyAccessPolicy { Effect: var effect }) Effect = effect;
        if (other is AutoApprovalPolicy auto) (MaximumHours, ReasonRule, SessionRules) = (auto.MaximumHours, ReasonRuleForm.Of(auto.ReasonRule), SessionRulesForm.Of(auto.SessionRules));
    }

    /// <summary>The policy as entered.</summary>
    public Policy ToPolicy() => With(Cedar);

    private Policy With(string cedar) => policy switch
    {
        DenyAccessPolicy deny => deny with { Name = Name.Trim(), Description = Description.Trim(), Enabled = Enabled, Cedar = cedar, Effect = Effect },
        AutoApprovalPolicy auto => auto with { Name = Name.Trim(), Description = Description.Trim(), Enabled = Enabled, Cedar = cedar, MaximumHours = MaximumHours, ReasonRule = ReasonRule.ToRule(), SessionRules = SessionRules.ToRules() },
        _ => throw new InvalidOperationException("Only Cedar policies are written here."),
    };
}
