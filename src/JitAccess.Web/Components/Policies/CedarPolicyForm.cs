using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>A deny-access or auto-approval policy while it is written.</summary>
public sealed class CedarPolicyForm
{
    private readonly Policy policy;

    public CedarPolicyForm(Policy policy)
    {
        this.policy = policy;
        (Name, Description, Enabled) = (policy.Name, policy.Description, policy.Enabled);
        Cedar = policy switch { DenyAccessPolicy deny => deny.Cedar, AutoApprovalPolicy auto => auto.Cedar, _ => throw new ArgumentOutOfRangeException(nameof(policy)) };
        if (policy is DenyAccessPolicy { Effect: var effect }) Effect = effect;
        if (policy is AutoApprovalPolicy { MaximumHours: var hours }) MaximumHours = hours;
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

    /// <summary>The policy as entered.</summary>
    public Policy ToPolicy() => policy switch
    {
        DenyAccessPolicy deny => deny with { Name = Name.Trim(), Description = Description.Trim(), Enabled = Enabled, Cedar = Cedar, Effect = Effect },
        AutoApprovalPolicy auto => auto with { Name = Name.Trim(), Description = Description.Trim(), Enabled = Enabled, Cedar = Cedar, MaximumHours = MaximumHours },
        _ => throw new InvalidOperationException("Only Cedar policies are written here."),
    };
}
