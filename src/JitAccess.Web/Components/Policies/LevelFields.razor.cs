using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace JitAccess.Web.Components.Policies;

/// <summary>One level of a manual policy: who may answer, and how many must approve.</summary>
public sealed partial class LevelFields
{
    private MudAutocomplete<ApproverSuggestion>? field;
    private ElementReference up;
    private ElementReference down;
    private ApproverCount count = ApproverCount.None;
    private int moved;

    [Parameter, EditorRequired] public LevelForm Level { get; set; } = null!;

    [Parameter, EditorRequired] public int Number { get; set; }

    [Parameter] public EventCallback OnChanged { get; set; }

    [Parameter] public bool IsLast { get; set; }

    /// <summary>Moves the level by so many places: negative is earlier.</summary>
    [Parameter] public EventCallback<int> OnMove { get; set; }

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

    private static string UnknownInWords(Approver approver) => approver.Kind switch
    {
        ApproverKind.Person => $"Nobody with the subject {approver.Name} has signed in yet. Check it, if they should have.",
        ApproverKind.Group => $"Nobody of the group {approver.Name} has signed in yet. Check the name, if somebody should have.",
        ApproverKind.Role => $"Nobody who may act under the role {approver.Name} has signed in yet. Check the name, if somebody should have.",
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

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (moved == 0) return;
        // A moved element loses the focus. At an end, the button that led there is off.
        ElementReference button = (moved, Number, IsLast) switch
        {
            ( < 0, 1, _) => down,
            ( > 0, _, true) => up,
            ( < 0, _, _) => up,
            _ => down,
        };
        moved = 0;
        await button.FocusAsync();
    }

    // Alt and an arrow, as in lists elsewhere, from any of the level's buttons. In its fields the arrows are the fields' own.
    private Task KeyAsync(KeyboardEventArgs pressed) => pressed switch
    {
        { AltKey: true, Key: "ArrowUp" } when Number > 1 => MoveAsync(-1),
        { AltKey: true, Key: "ArrowDown" } when !IsLast => MoveAsync(1),
        _ => Task.CompletedTask,
    };

    private async Task MoveAsync(int by)
    {
        moved = by;
        await OnMove.InvokeAsync(by);
    }

    private Task Remove(Approver approver)
    {
        Level.Approvers.Remove(approver);
        return OnChanged.InvokeAsync();
    }
}
