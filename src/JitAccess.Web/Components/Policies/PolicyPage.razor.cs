using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Policies;

/// <summary>One policy, new or in force. The form writes; this page publishes.</summary>
public sealed partial class PolicyPage(PolicyQueries queries, PolicyService service, NavigationManager navigation, ISnackbar snackbar, IDialogService dialogs)
{
    private PublishedPolicies? current;
    private Policy? policy;
    private bool isNew;
    private bool isPublished;

    [Parameter] public string? Kind { get; set; }

    [Parameter] public Guid? Id { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    /// <summary>Why this person cannot publish, in words; null if they can.</summary>
    public string? Obstacle => Actor.IsAdmin ? null : "Only admins change policies.";

    /// <summary>True for a policy that is in force and can be deleted.</summary>
    public bool CanDelete => Actor.IsAdmin && !isNew;

    private PolicyQueries Policies => queries;

    private string Here => navigation.Uri;

    private string KindInWords => policy switch
    {
        DenyAccessPolicy => "Deny-access",
        AutoApprovalPolicy => "Auto-approval",
        ManualPolicy { Target.IsByTags: true } => "Manual approval, by tags",
        _ => "Manual approval",
    };

    /// <summary>What is wrong with the policy as it is written now.</summary>
    public Task<IReadOnlyList<PolicyProblem>> CheckAsync(Policy written, CancellationToken cancellationToken) => service.CheckAsync(Actor, written, cancellationToken);

    /// <summary>Publishes the policy as written.</summary>
    public async Task PublishAsync(Policy written)
    {
        isPublished = true;
        try
        {
            Leave(await service.SaveAsync(Actor, current!.Version.Number, written, CancellationToken.None));
        }
        catch
        {
            isPublished = false;
            throw;
        }
    }

    /// <summary>Deletes the policy, if the person is sure.</summary>
    public async Task DeleteAsync()
    {
        if (!await ConfirmDialog.AskAsync(dialogs, $"Delete “{policy!.Name}”?", "It stops deciding at once. Requests and grants that it decided stay as they are.", "Delete")) return;
        Leave(await service.DeleteAsync(Actor, current!.Version.Number, policy.Id, CancellationToken.None));
    }

    protected override void OnParametersSet() => Reopen();

    private void Reopen() => (current, policy, isPublished) = (null, null, false);

    private void Loaded(PublishedPolicies loaded)
    {
        current = loaded;
        isNew = Id is null;
        policy = Id is { } id ? loaded.Version.Policies.Find(id) : Kind switch
        {
            "deny" => new DenyAccessPolicy { Id = Guid.CreateVersion7(), Name = "", Cedar = "" },
            "auto" => new AutoApprovalPolicy { Id = Guid.CreateVersion7(), Name = "", Cedar = "" },
            "manual" => new ManualPolicy { Id = Guid.CreateVersion7(), Name = "", MaximumHours = 1, Target = NodeTarget.AllNodes, Levels = [new ApprovalLevel(ImmutableArray<Approver>.Empty, 1)] },
            _ => null,
        };
    }

    private void Leave(int version)
    {
        snackbar.Add($"Version {version} is in force.", Severity.Success);
        navigation.NavigateTo("policies");
    }
}
