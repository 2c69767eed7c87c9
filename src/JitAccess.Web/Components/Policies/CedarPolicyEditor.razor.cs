using JitAccess.Domain.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies;

/// <summary>Writes a policy in Cedar, with the engine's judgement below the text.</summary>
public sealed partial class CedarPolicyEditor
{
    private CedarPolicyForm form = null!;
    private PolicyEffect effect = new([], null, []);
    private bool hasTried;
    private int edits;

    [Parameter, EditorRequired] public Policy Policy { get; set; } = null!;

    [Parameter, EditorRequired] public PolicyPage Page { get; set; } = null!;

    private bool IsDeny => Policy is DenyAccessPolicy;

    private string Example => $$"""
        {{(IsDeny ? "forbid" : "permit")}} (
          principal{{(IsDeny ? "" : " in AWS::IdentityStore::Group::\"engineering\"")}},
          action == AWS::SSM::Action::"getTokenForInstanceAccess",
          resource
        ) when {
          resource.hasTag("env") && resource.getTag("env") == "{{(IsDeny ? "prod" : "dev")}}"
        };
        """;

    protected override void OnInitialized() => form = new CedarPolicyForm(Policy);

    private void Changed() => edits++;

    // An auditor reads the policy; only an admin's writing is checked.
    private async Task<IReadOnlyList<PolicyProblem>> CheckAsync(CancellationToken cancellationToken) =>
        Page.Obstacle is null ? await Page.CheckAsync(form.ToPolicy(), cancellationToken) : [];

    private Task SaveAsync()
    {
        hasTried = true;
        Changed();
        return Page.SaveAsync(form.ToPolicy());
    }
}
