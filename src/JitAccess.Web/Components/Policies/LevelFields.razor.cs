using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Policies;

/// <summary>One level of a manual policy: who may answer, and how many must approve.</summary>
public sealed partial class LevelFields
{
    private MudAutocomplete<ApproverSuggestion>? field;

    [Parameter, EditorRequired] public LevelForm Level { get; set; } = null!;

    [Parameter, EditorRequired] public int Number { get; set; }

    [Parameter] public EventCallback OnChanged { get; set; }

    /// <summary>Removes the level; null for the only one.</summary>
    [Parameter] public Action? OnRemove { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private string RequiredId => $"required-{Number}";

    private static string KindOf(Approver approver) => approver.Kind switch
    {
        ApproverKind.Person => "",
        ApproverKind.Group => "group",
        ApproverKind.Role => "role",
    };

    // Whoever has not signed in yet is not known here, but may be named all the same.
    private async Task<IEnumerable<ApproverSuggestion?>> SearchAsync(string? text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        string written = text.Trim();
        IReadOnlyList<ApproverSuggestion> known = await People.SearchAsync(Actor, written, cancellationToken);
        IEnumerable<ApproverSuggestion> asWritten =
        [
            new(new Approver(ApproverKind.Group, written), "Group, as written"),
            new(new Approver(ApproverKind.Role, written), "IAM role, as written"),
            new(new Approver(ApproverKind.Person, written), "Person by subject, as written"),
        ];
        return known.Concat(asWritten).DistinctBy(found => found.Approver).Where(found => !Level.Approvers.Contains(found.Approver));
    }

    private async Task AddAsync(ApproverSuggestion? found)
    {
        if (found is null) return;
        Level.Approvers.Add(found.Approver);
        if (field is not null) await field.ClearAsync();
        await OnChanged.InvokeAsync();
    }

    private Task Remove(Approver approver)
    {
        Level.Approvers.Remove(approver);
        return OnChanged.InvokeAsync();
    }
}
