using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Requests;

/// <summary>What waits for the person, oldest first, with what they need to decide without leaving the list.</summary>
public sealed partial class ApprovalsPage(RequestQueries requests, RequestService service, Failures failures, IDialogService dialogs, ISnackbar snackbar)
{
    private static readonly (string Address, ApprovalView View, string Words)[] Views =
    [
        ("mine", ApprovalView.WaitingForMe, "Waiting for me"),
        ("all", ApprovalView.AllPending, "All pending"),
        ("decided", ApprovalView.Decided, "Decided"),
    ];

    private static readonly string[] Commands = ["j", "k", "Enter", "x", "a", "r", "c"];

    private readonly HashSet<Guid> selected = [];
    private LiveView<RequestPage>? list;
    private Keys? keys;
    private IReadOnlyList<RequestRow> rows = [];
    private Guid? open;
    private Guid? current;
    private int pages = 1;

    [SupplyParameterFromQuery] public string? Show { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private ApprovalView View => Views.FirstOrDefault(view => view.Address == Show, Views[0]).View;

    private string Nothing => View switch
    {
        ApprovalView.WaitingForMe => "Nothing waits for you. New requests appear here by themselves.",
        ApprovalView.AllPending => "No request is pending.",
        ApprovalView.Decided => "No request has been decided yet.",
    };

    private Dictionary<Guid, ApprovalRow?> Shown { get; } = [];

    protected override void OnParametersSet()
    {
        if (View != ApprovalView.WaitingForMe) selected.Clear();
    }

    private async Task<RequestPage> LoadAsync(CancellationToken cancellationToken)
    {
        RequestPage page = await requests.ForApprovalAsync(Actor, View, null, cancellationToken);
        for (int more = 1; more < pages && page.Next is not null; more++)
        {
            RequestPage next = await requests.ForApprovalAsync(Actor, View, page.Next, cancellationToken);
            page = page with { Rows = [.. page.Rows, .. next.Rows], Next = next.Next };
        }

        return View == ApprovalView.WaitingForMe ? page with { Rows = InBatches(page.Rows) } : page;
    }

    // What was asked for together stands together, where the first of it is.
    private static IReadOnlyList<RequestRow> InBatches(IReadOnlyList<RequestRow> rows) =>
        [.. rows.GroupBy(row => row.Request.BatchId ?? row.Request.Id).SelectMany(group => group)];

    /// <summary>The requests that stand under one header, if the row is the first of several of one batch.</summary>
    private List<AccessRequest>? BatchBeginningWith(RequestRow row)
    {
        if (View != ApprovalView.WaitingForMe || row.Request.BatchId is not { } id) return null;
        List<AccessRequest> batch = [.. rows.Select(one => one.Request).Where(request => request.BatchId == id)];
        return batch.Count > 1 && batch[0].Id == row.Request.Id ? batch : null;
    }

    private void Loaded(RequestPage page)
    {
        int before = rows.ToList().FindIndex(row => row.Request.Id == current);
        rows = page.Rows;
        // Whoever answers one after the other goes on where the answered row was.
        if (rows.All(row => row.Request.Id != current))
            (current, open) = (before < 0 || rows.Count == 0 ? null : rows[Math.Min(before, rows.Count - 1)].Request.Id, null);
        selected.IntersectWith(rows.Select(row => row.Request.Id));
    }

    private void Toggle(Guid id) => (open, current) = (open == id ? null : id, id);

    private void Select(Guid id)
    {
        if (!selected.Remove(id)) selected.Add(id);
    }

    private void SelectAll(bool all)
    {
        selected.Clear();
        if (all) selected.UnionWith(rows.Select(row => row.Request.Id));
    }

    private async Task PressedAsync(string key)
    {
        if (rows.Count == 0) return;
        if (key is "j" or "k")
        {
            int at = rows.ToList().FindIndex(row => row.Request.Id == current);
            int to = at < 0 ? 0 : Math.Clamp(at + (key == "j" ? 1 : -1), 0, rows.Count - 1);
            current = rows[to].Request.Id;
            if (open is not null) open = current;
            StateHasChanged();
            await keys!.FocusAsync(ApprovalRow.LinkId(current.Value));
        }
        else if (current is { } id)
        {
            await ActAsync(key, id);
        }
    }

    private async Task ActAsync(string key, Guid id)
    {
        if (key == "Enter") Toggle(id);
        if (key is "a" or "r" && selected.Count > 0)
        {
            await AnswerSelectedAsync(key == "a" ? ReviewVerdict.Approve : ReviewVerdict.Reject);
            return;
        }

        if (key == "x" && View == ApprovalView.WaitingForMe) Select(id);
        // Nobody answers what they have not seen: the first press opens the row.
        if (key is "a" or "r" or "c" && open != id) Toggle(id);
        else if (key == "a" && Shown[id] is { } toApprove) await toApprove.PressApproveAsync();
        else if (key == "r" && Shown[id] is { } toReject) await toReject.PressRejectAsync();
        else if (key == "c") await keys!.FocusAsync($"comment-{id}");
        StateHasChanged();
    }

    private Task AnswerSelectedAsync(ReviewVerdict verdict) =>
        AnswerAsync(verdict, [.. rows.Select(row => row.Request).Where(request => selected.Contains(request.Id))]);

    private async Task AnswerAsync(ReviewVerdict verdict, IReadOnlyList<AccessRequest> chosen)
    {
        string? comment = await AnswerDialog.AskAsync(dialogs, verdict, chosen);
        if (comment is null) return;
        IReadOnlyList<Answered> results = await service.AnswerManyAsync(Actor, [.. chosen.Select(request => request.Id)], verdict, comment, CancellationToken.None);
        selected.ExceptWith(chosen.Select(request => request.Id));
        int done = results.Count(result => result.Failure is null);
        string act = verdict == ReviewVerdict.Approve ? "approved" : "rejected";
        if (done > 0) snackbar.Add(done == results.Count ? $"{Words.Count(done, "request")} {act}." : $"{done} of {Words.Count(results.Count, "request")} {act}.", Severity.Success);
        foreach (Answered result in results.Where(result => result.Failure is not null))
        {
            AccessRequest request = chosen.First(one => one.Id == result.RequestId);
            snackbar.Add($"{request.NodeName} for {request.RequesterName}: {failures.Describe(result.Failure!).Message}", Severity.Error, options => options.RequireInteraction = true);
        }

        list?.Reload();
    }
}
