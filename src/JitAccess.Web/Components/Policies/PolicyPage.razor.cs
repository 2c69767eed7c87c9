using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Policies;

/// <summary>One policy, new or of the policies as they are. The form writes; this page saves to the draft.</summary>
public sealed partial class PolicyPage(PolicyQueries queries, PolicyService service, NavigationManager navigation, ISnackbar snackbar, Failures failures)
{
    private CurrentPolicies? current;
    private Policy? policy;
    private bool isNew;
    private bool isSaved;
    private int opened;

    [Parameter] public string? Kind { get; set; }

    [Parameter] public Guid? Id { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    /// <summary>Why this person cannot save, in words; null if they can.</summary>
    public string? Obstacle => PolicyService.CanWrite(Actor).Message;

    /// <summary>True for a policy that is there and can be deleted.</summary>
    public bool CanDelete => Actor.IsAdmin && !isNew;

    private PolicyQueries Policies => queries;

    private PolicyChangeKind? change => current?.Rows.FirstOrDefault(row => row.Policy.Id == policy?.Id)?.InDraft;

    private string KindInWords => policy switch
    {
        DenyAccessPolicy => "Deny-access",
        AutoApprovalPolicy => "Auto-approval",
        ManualPolicy { Target.IsByTags: true } => "Manual approval, by tags",
        _ => "Manual approval",
    };

    /// <summary>What is wrong with the policy as it is written now.</summary>
    public Task<IReadOnlyList<PolicyProblem>> CheckAsync(Policy written, CancellationToken cancellationToken) => service.CheckAsync(Actor, written, cancellationToken);

    /// <summary>Saves the policy as written to the draft.</summary>
    public Task SaveAsync(Policy written) => LeaveAfterAsync(async () =>
    {
        PolicyRevision saved = await service.SaveAsync(Actor, current!.Revision, written, CancellationToken.None);
        snackbar.Add(saved == current.Revision ? "Nothing was changed." : $"“{written.Name}” is in the draft. It decides nothing until the draft is published.", Severity.Success);
    });

    /// <summary>Takes the policy out of the draft; it can be put back at once.</summary>
    public Task DeleteAsync() => LeaveAfterAsync(async () =>
        snackbar.OfferUndo(await service.DeleteAsync(Actor, current!.Revision, policy!.Id, CancellationToken.None), current.Policies.Find(policy.Id)!, Actor, service, failures));

    protected override void OnParametersSet() => Reopen();

    private void Reopen() => (current, policy, isSaved) = (null, null, false);

    // What is on the screen stays; from now on it is a change of what there is now.
    private void GoOnFrom(CurrentPolicies newest) => current = newest;

    private bool IsMoved(CurrentPolicies newest) => policy is not null && StoredPolicies.Write(newest.Policies.Find(policy.Id)) != StoredPolicies.Write(current!.Policies.Find(policy.Id));

    private string Meanwhile(CurrentPolicies newest) => newest switch
    {
        { InForce: var version } when version.Number != current!.InForce.Number => $"{version.PublishedBy} published version {version.Number} meanwhile: {version.Comment}",
        { Draft.Edits: [.., var last] } => $"{last.ByName} changed the draft meanwhile: {last.What}",
        _ => "The draft was discarded meanwhile.",
    };

    private void Loaded(CurrentPolicies loaded)
    {
        current = loaded;
        opened++;
        isNew = Id is null;
        policy = Id is { } id ? loaded.Policies.Find(id) : Kind switch
        {
            "deny" => new DenyAccessPolicy { Id = Guid.CreateVersion7(), Name = "", Cedar = "" },
            "auto" => new AutoApprovalPolicy { Id = Guid.CreateVersion7(), Name = "", Cedar = "" },
            "manual" => new ManualPolicy { Id = Guid.CreateVersion7(), Name = "", MaximumHours = 1, Target = NodeTarget.AllNodes, Levels = [new ApprovalLevel(ImmutableArray<Approver>.Empty, 1)] },
            _ => null,
        };
    }

    private async Task LeaveAfterAsync(Func<Task> act)
    {
        // Set before the change, whose news can arrive before its answer.
        isSaved = true;
        try
        {
            await act();
        }
        catch
        {
            isSaved = false;
            throw;
        }
        navigation.NavigateTo("policies");
    }
}
