using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Grants;

/// <summary>Asks for more time on a grant, with the answer that the submit will give.</summary>
public sealed partial class ExtendDialog(RequestService requests, ISnackbar snackbar)
{
    private static readonly TimeSpan UsuallyEnough = TimeSpan.FromHours(1);

    private string reason = "";
    private string ticket = "";
    private TimeSpan? duration;
    private ExtensionPreview? preview;
    private Failure? failure;

    // A dialog stands outside the page that opened it, and so outside what cascades there.
    [Parameter, EditorRequired] public Actor Actor { get; set; } = null!;

    [Parameter, EditorRequired] public Guid GrantId { get; set; }

    [Parameter, EditorRequired] public string NodeName { get; set; } = "";

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    private TimeSpan? Most => preview is { Most.Ticks: > 0 } ? preview.Most : null;

    private TimeSpan? Added => duration < Most ? duration : Most;

    private IEnumerable<Decision> Decisions => preview is { Decision.CanBeRequested: true } ? [preview.Decision] : [];

    private bool IsAutomatic => preview?.Decision.Outcome == DecisionOutcome.Automatic;

    /// <summary>Whether only what is filled in may stand in the way.</summary>
    private bool CanBeHad => preview is { PendingRequestId: null } && (preview.CanExtend.IsAllowed || preview.CanExtend.Kind == RefusalKind.Invalid);

    private string MostInWords => (preview, Most) switch
    {
        ({ } shown, { } most) => $"Up to {Words.For(most)} can be added now: “{shown.Decision.DecidedByName}” allows {shown.Decision.MaximumHours} h from now on.",
        _ => "",
    };

    private string Act => (Added, IsAutomatic) switch
    {
        ({ } added, true) => $"Extend by {Words.For(added)}",
        ({ } added, false) => $"Ask for {Words.For(added)} more",
        _ => "Extend",
    };

    private string? Obstacle
    {
        get
        {
            if (preview is null) return "One moment: the decision is being made.";
            if (!CanBeHad) return preview.CanExtend.Message;
            if (AccessQuestion.CanBeReason(reason) is { IsAllowed: false } problem) return problem.Message;
            return AccessQuestion.CanBeTicket(ticket) is { IsAllowed: false } wrong ? wrong.Message : preview.Decision.CanBeFor(reason, string.IsNullOrWhiteSpace(ticket) ? null : ticket.Trim()).Message;
        }
    }

    /// <summary>Shows the dialog until the person has asked, or thought better of it.</summary>
    public static async Task AskAsync(IDialogService dialogs, Actor actor, Guid grantId, string nodeName)
    {
        DialogParameters<ExtendDialog> parameters = new() { { dialog => dialog.Actor, actor }, { dialog => dialog.GrantId, grantId }, { dialog => dialog.NodeName, nodeName } };
        IDialogReference shown = await dialogs.ShowAsync<ExtendDialog>("", parameters, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        await shown.Result;
    }

    private Task<ExtensionPreview> LoadAsync(CancellationToken cancellationToken) => requests.PreviewExtensionAsync(Actor, GrantId, new(reason.Trim(), Added, Ticket: ticket), cancellationToken);

    private void Loaded(ExtensionPreview loaded)
    {
        bool isFirst = preview is null;
        preview = loaded;
        if (isFirst) duration = UsuallyEnough;
        if (duration > Most) duration = Most;
    }

    private void Failed(Failure what) => failure = what;

    private async Task ExtendAsync()
    {
        failure = null;
        Extended extended = await requests.ExtendAsync(Actor, GrantId, preview!.Grant.EndsAt, new(reason, Added, Ticket: ticket), CancellationToken.None);
        snackbar.Add(extended.IsApproved
            ? $"Your access to {NodeName} is extended by {Words.For(extended.Duration)}."
            : $"{Words.For(extended.Duration)} more on {NodeName} is asked for. You are told of the answer here.", Severity.Success);
        Dialog.Close();
    }
}
