using System.Globalization;
using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Policies.Simulator;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Requests;

/// <summary>Asks for one or several nodes; beside the form stands what the submit will answer.</summary>
public sealed partial class NewRequestPage(RequestService requests, RequestQueries queries, Failures describe, NavigationManager navigation, ISnackbar snackbar, IDialogService dialogs)
{
    private readonly RequestForm form = new();
    private readonly Dictionary<InstanceId, Preview> previews = [];
    private readonly List<string> unknown = [];
    private readonly List<Failure> failures = [];

    // One form is one batch, however often its button is pressed.
    private readonly Guid batchId = Guid.CreateVersion7();
    private int submitted;
    private ActionButton? submit;
    private bool isEarlierMissing;

    /// <summary>The ids of the nodes: one each time, or several separated by commas.</summary>
    [SupplyParameterFromQuery] public string[]? Nodes { get; set; }

    /// <summary>The id of an earlier request of one's own, whose reason, ticket and duration fill the form. The words themselves never stand in an address.</summary>
    [SupplyParameterFromQuery] public string? Again { get; set; }

    /// <summary>The later start, as an instant in UTC.</summary>
    [SupplyParameterFromQuery(Name = "start")] public string? StartAt { get; set; }

    /// <summary>True to begin with break-glass chosen.</summary>
    [SupplyParameterFromQuery] public bool BreakGlass { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    /// <summary>Why nothing can be submitted now, in words; null if it can.</summary>
    private string? Obstacle
    {
        get
        {
            if (Actor.CanAct() is { IsAllowed: false } identity) return identity.Message;
            if (AccessRequest.CanBeBatch(form.Nodes.Count, form.BreakGlass) is { IsAllowed: false } batch) return batch.Message;
            if (AccessQuestion.CanBeReason(form.Reason) is { IsAllowed: false } reason) return reason.Message;
            if (AccessQuestion.CanBeTicket(form.Ticket) is { IsAllowed: false } ticket) return ticket.Message;
            if (form is { IsLater: true, Start: null }) return "Choose when to start, or start as soon as it is approved.";
            if (form.Nodes.Keys.Any(id => !previews.ContainsKey(id))) return "One moment: the decision is being made.";
            if (form.Nodes.Count > 1 && Blocked.Count > 0) return $"{Words.Count(Blocked.Count, "node")} cannot be asked for now. Remove {(Blocked.Count == 1 ? "it" : "them")} to ask for the others.";
            return Shown.Select(preview => preview.CanSubmit).FirstOrDefault(ruling => !ruling.IsAllowed).Message;
        }
    }

    private string WhatHappens => string.Join(" ", Shown.Select(preview => preview switch
    {
        { ActiveGrantId: not null } => $"{preview.Node.Name} is open to you already.",
        { Decision.Outcome: DecisionOutcome.Automatic } when form.IsLater => $"{preview.Node.Name} opens at the start.",
        { Decision.Outcome: DecisionOutcome.Automatic } => $"{preview.Node.Name} opens at once.",
        _ when form.BreakGlass => $"{preview.Node.Name} opens at once, without approval.",
        { Decision.RequiredApprovals: 1 } => $"{preview.Node.Name} waits for 1 approval.",
        _ => $"{preview.Node.Name} waits for {preview.Decision.RequiredApprovals} approvals.",
    }));

    /// <summary>The nodes that cannot be asked for, whatever is entered.</summary>
    private List<Preview> Blocked => [.. Shown.Where(preview => preview.CanSubmit is { IsAllowed: false, Kind: not RefusalKind.Invalid })];

    /// <summary>The longest that people may be asked for; automatic access is shortened to its own maximum.</summary>
    private TimeSpan? Maximum => form.BreakGlass ? Shown.Select(preview => (TimeSpan?)AccessRequest.LongestByBreakGlass(preview.Decision)).FirstOrDefault(longest => longest > TimeSpan.Zero) : LongestOf(DecisionOutcome.NeedsApproval) ?? LongestOf(DecisionOutcome.Automatic);

    private string DurationHelp => string.Join(" ", Shown.Where(preview => preview.Decision.CanBeRequested).Select(preview =>
        form.BreakGlass ? $"By break-glass up to {Words.For(AccessRequest.LongestByBreakGlass(preview.Decision))} on {preview.Node.Name}."
        : preview.Decision.Outcome == DecisionOutcome.Automatic
            ? $"On {preview.Node.Name} automatic access lasts at most {preview.Decision.MaximumHours} h."
            : $"Up to {preview.Decision.MaximumHours} h on {preview.Node.Name}."));

    /// <summary>Whether this person could open the one node past the approvers.</summary>
    private bool MayBreakGlass => form.Nodes.Count == 1 && Shown.FirstOrDefault() is { ActiveGrantId: null, Decision: { Outcome: DecisionOutcome.NeedsApproval } decision } && AccessRequest.CanBreakGlass(Actor.Person, decision).IsAllowed;

    private string SubmitWords => form switch
    {
        { BreakGlass: true } => Maximum is { } longest ? $"Break glass for {Words.For(form.Duration ?? longest)}" : "Break glass",
        { Nodes.Count: < 2 } => "Submit request",
        _ => $"Submit {form.Nodes.Count} requests",
    };

    private RequestTerms Terms => new(form.Reason, form.Duration, form.Start, form.Ticket, form.BreakGlass);

    private IEnumerable<Decision> Decisions => Shown.Select(preview => preview.Decision);

    private IEnumerable<Preview> Shown => form.Nodes.Keys.Where(previews.ContainsKey).Select(id => previews[id]);

    protected override async Task OnInitializedAsync()
    {
        foreach (string text in (Nodes ?? []).SelectMany(part => part.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct())
        {
            if (InstanceId.TryParse(text, out InstanceId node)) form.Nodes[node] = node.Value;
            else unknown.Add(text);
        }

        if (SimulatorAddress.ReadAt(StartAt) is { } start) (form.IsLater, form.Start) = (true, start);
        if (BreakGlass) (form.BreakGlass, form.IsLater, form.Start) = (true, false, null);
        if (string.IsNullOrEmpty(Again)) return;
        if (Guid.TryParse(Again, out Guid id) && await queries.FindToAskAgainAsync(Actor, id, CancellationToken.None) is { } earlier)
            (form.Reason, form.Ticket, form.Duration) = (earlier.Reason, earlier.Ticket ?? "", earlier.AskedDuration);
        else isEarlierMissing = true;
    }

    private TimeSpan? LongestOf(DecisionOutcome outcome) => Shown.Where(preview => preview.Decision.Outcome == outcome)
        .Select(preview => (TimeSpan?)TimeSpan.FromHours(preview.Decision.MaximumHours)).Min();

    private void Loaded(Preview preview)
    {
        previews[preview.Node.Id] = preview;
        if (form.Nodes.ContainsKey(preview.Node.Id)) form.Nodes[preview.Node.Id] = preview.Node.Name;
        if (form.Duration > Maximum) form.Duration = Maximum;
    }

    private void Add(InstanceId id)
    {
        form.Nodes.TryAdd(id, id.Value);
        KeepInAddress();
    }

    private void Remove(InstanceId id)
    {
        form.Nodes.Remove(id);
        KeepInAddress();
    }

    private void RemoveBlocked()
    {
        foreach (Preview preview in Blocked) form.Nodes.Remove(preview.Node.Id);
        KeepInAddress();
    }

    private void KeepInAddress() => navigation.NavigateTo(
        navigation.GetUriWithQueryParameter("nodes", form.Nodes.Count == 0 ? null : string.Join(',', form.Nodes.Keys)), replace: true);

    private void ChooseStart(bool isLater, DateTimeOffset? start)
    {
        // Decisions for another start are no answer; new ones are on their way.
        if (start != form.Start) previews.Clear();
        (form.IsLater, form.Start) = (isLater, start);
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("start", start?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)), replace: true);
    }

    private void ChooseBreakGlass(bool chosen)
    {
        // The other way of asking has other answers and other lengths; a start is none for an emergency.
        previews.Clear();
        (form.BreakGlass, form.Duration, form.IsLater, form.Start) = (chosen, null, false, null);
        navigation.NavigateTo(navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["start"] = null, ["breakGlass"] = chosen ? true : null }), replace: true);
    }

    private async Task SubmitAsync()
    {
        failures.Clear();
        if (form.BreakGlass && !await ConfirmDialog.AskAsync(dialogs, $"Break glass on {form.Nodes.Values.Single()}?",
            "Access opens now, without approval. Everybody who was passed over is told, and one of them or an admin reviews it.", SubmitWords, "Do not break it")) return;
        // The last of a batch whose others are submitted belongs to it still.
        if (form.Nodes.Count > 1 || submitted > 0)
        {
            await SubmitBatchAsync();
            return;
        }

        try
        {
            Submitted one = await requests.SubmitAsync(Actor, form.Nodes.Keys.Single(), Terms, CancellationToken.None);
            navigation.NavigateTo($"requests/{one.RequestId}{(form.Connect && !form.IsLater ? "?connect=true" : null)}");
        }
        catch (Exception exception)
        {
            failures.Add(describe.Describe(exception));
        }
    }

    private async Task SubmitBatchAsync()
    {
        IReadOnlyList<BatchSubmitted> answers = await requests.SubmitBatchAsync(Actor, batchId, form.Nodes.Keys, Terms, CancellationToken.None);
        submitted += answers.Count(answer => answer.IsInBatch);
        foreach (BatchSubmitted answer in answers.Where(answer => answer.Failure is not null))
        {
            Failure failure = describe.Describe(answer.Failure!);
            failures.Add(failure with { Message = $"{form.Nodes[answer.NodeId]}: {failure.Message}" });
        }

        List<string> open = [.. answers.Where(answer => answer is { Failure: null, IsInBatch: false }).Select(answer => form.Nodes[answer.NodeId])];
        if (open.Count > 0) snackbar.Add($"Open to you already, so not asked for again: {string.Join(", ", open)}.", Severity.Info);
        foreach (BatchSubmitted answer in answers.Where(answer => answer.Failure is null)) form.Nodes.Remove(answer.NodeId);
        if (form.Nodes.Count == 0) navigation.NavigateTo(submitted > 0 ? $"requests/batch/{batchId}" : "");
    }
}
