using System.Diagnostics.CodeAnalysis;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>A deny-access or auto-approval policy while it is written.</summary>
public sealed class CedarPolicyForm
{
    private readonly Policy policy;

    public CedarPolicyForm(Policy policy)
    {
        this.policy = policy;
        Take(policy);
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

    /// <summary>Shows what another state of the policy says: a mended one, or the one before it.</summary>
    [MemberNotNull(nameof(Name), nameof(Description), nameof(Cedar))]
    public void Take(Policy other)
    {
        (Name, Description, Enabled) = (other.Name, other.Description, other.Enabled);
        Cedar = other switch { DenyAccessPolicy deny => deny.Cedar, AutoApprovalPolicy auto => auto.Cedar, _ => throw new ArgumentOutOfRangeException(nameof(other)) };
        if (other is DenyAccessPolicy { Effect: var effect }) Effect = effect;
        if (other is AutoApprovalPolicy { MaximumHours: var hours }) MaximumHours = hours;
    }

    /// <summary>The policy as entered.</summary>
    public Policy ToPolicy() => policy switch
    {
        DenyAccessPolicy deny => deny with { Name = Name.Trim(), Description = Description.Trim(), Enabled = Enabled, Cedar = Cedar, Effect = Effect },
        AutoApprovalPolicy auto => auto with { Name = Name.Trim(), Description = Description.Trim(), Enabled = Enabled, Cedar = Cedar, MaximumHours = MaximumHours },
        _ => throw new InvalidOperationException("Only Cedar policies are written here."),
    };
}
