using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Delegations;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Delegations;

/// <summary>Who answers in the person's place, and in whose place they answer.</summary>
public sealed partial class DelegationsPage(DelegationQueries queries, DelegationService service, IDialogService dialogs, ISnackbar snackbar, TimeProvider clock)
{
    private StandInChoice? chosen;
    private DateTimeOffset? from;
    private DateTimeOffset? until;
    private string note = "";
    private Failure? failure;

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private DelegationQueries Queries => queries;

    private string? Obstacle => this switch
    {
        _ when Actor.CanAct() is { IsAllowed: false } identity => identity.Message,
        { chosen: null } => "Choose who answers in your place.",
        { from: null } => "Choose from when on.",
        { until: null } => "Choose until when.",
        _ => null,
    };

    protected override void OnInitialized()
    {
        DateTimeOffset now = clock.GetUtcNow();
        from = new DateTimeOffset(now.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
        until = from.Value.AddDays(7);
    }

    private async Task MakeAsync()
    {
        failure = null;
        await service.MakeAsync(Actor, chosen!.Subject, from!.Value, until!.Value, note, CancellationToken.None);
        snackbar.Add($"{chosen.Name} answers in your place.", Severity.Success);
        (chosen, note) = (null, "");
    }

    private async Task EndAsync(Delegation delegation)
    {
        bool isMine = delegation.Delegator == Actor.Subject;
        if (!await ConfirmDialog.AskAsync(dialogs, isMine ? $"Does {delegation.StandInName} stand in for you no longer?" : $"Do you stand in for {delegation.DelegatorName} no longer?",
            "It ends now. What was answered so far stands.", "End it")) return;
        await service.EndAsync(Actor, delegation.Id, CancellationToken.None);
        snackbar.Add($"{delegation.StandInName} answers no longer in place of {delegation.DelegatorName}.", Severity.Success);
    }
}
