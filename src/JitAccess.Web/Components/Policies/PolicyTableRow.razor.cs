using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Policies;

/// <summary>One policy in the list, with what it does and its menu.</summary>
public sealed partial class PolicyTableRow(PolicyService policies, ISnackbar snackbar, Failures failures)
{
    private const string DotsIcon = "<circle cx=\"5\" cy=\"12\" r=\"1.5\"/><circle cx=\"12\" cy=\"12\" r=\"1.5\"/><circle cx=\"19\" cy=\"12\" r=\"1.5\"/>";

    [Parameter, EditorRequired] public PolicyRow Row { get; set; } = null!;

    /// <summary>Its place among those of its heading, from 1.</summary>
    [Parameter, EditorRequired] public int Place { get; set; }

    /// <summary>How many stand under its heading.</summary>
    [Parameter, EditorRequired] public int Of { get; set; }

    /// <summary>The state that is on the screen.</summary>
    [Parameter, EditorRequired] public PolicyRevision Seen { get; set; }

    /// <summary>The policy that is being dragged; null for none.</summary>
    [Parameter] public PolicyDrag? Dragged { get; set; }

    [Parameter] public EventCallback<PolicyDrag?> OnDragged { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private Policy Policy => Row.Policy;

    private bool CanMove => Actor.IsAdmin && Of > 1;

    // Among its own kind only: between the kinds the order of evaluation is fixed.
    private bool CanDrop => Dragged is { } dragged && dragged.Policy.Id != Policy.Id && PolicyGroup.Of(dragged.Policy) == PolicyGroup.Of(Policy);

    private (Tone Tone, Glyph Glyph, string Words) Result => Policy switch
    {
        DenyAccessPolicy { Effect: DenyEffect.Refuse } => (Tone.Bad, Glyph.ShieldX, "refuses"),
        DenyAccessPolicy => (Tone.Warn, Glyph.Alert, "blocks automatic"),
        AutoApprovalPolicy auto => (Tone.Ok, Glyph.Bolt, $"automatic, {auto.MaximumHours} h"),
        ManualPolicy manual => (Tone.Info, Glyph.People, $"{Words.Count(manual.Levels.Length, "level")}, up to {manual.MaximumHours} h"),
        _ => (Tone.Idle, Glyph.Minus, ""),
    };

    private (Glyph Glyph, string Word)? InDraft => Row.InDraft switch
    {
        PolicyChangeKind.Added => (Glyph.Plus, "New"),
        PolicyChangeKind.Changed => (Glyph.Pencil, "Changed"),
        PolicyChangeKind.Moved => (Glyph.Grip, "Moved"),
        _ => null,
    };

    private async Task DropAsync()
    {
        if (!CanDrop) return;
        PolicyDrag dragged = Dragged!;
        await OnDragged.InvokeAsync(null);
        await ChangeAsync(() => policies.MoveAsync(Actor, Seen, dragged.Policy.Id, Place - dragged.Place, CancellationToken.None));
    }

    private Task MoveAsync(int by) => ChangeAsync(() => policies.MoveAsync(Actor, Seen, Policy.Id, by, CancellationToken.None));

    private Task DeleteAsync() => ChangeAsync(async () =>
        snackbar.OfferUndo(await policies.DeleteAsync(Actor, Seen, Policy.Id, CancellationToken.None), Policy, Actor, policies, failures));

    // A menu closes when it is used, so what goes wrong is said beside the list.
    private async Task ChangeAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (Exception exception)
        {
            snackbar.Add(failures.Describe(exception).Message, Severity.Error, options => options.RequireInteraction = true);
        }
    }
}

/// <summary>A policy on its way to another place among those of its heading.</summary>
public sealed record PolicyDrag(Policy Policy, int Place);
