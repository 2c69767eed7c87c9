using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Requests;

/// <summary>What waits for the person, oldest first, with what they need to decide without leaving the list.</summary>
public sealed partial class ApprovalsPage(RequestQueries requests, RequestService service, IDialogService dialogs, ISnackbar snackbar)
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
            page = new RequestPage([.. page.Rows, .. next.Rows], next.Next);
        }

        return page;
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
        if (key == "x" && View == ApprovalView.WaitingForMe) Select(id);
        // Nobody answers what they have not seen: the first press opens the row.
        if (key is "a" or "r" or "c" && open != id) Toggle(id);
        else if (key == "a" && Shown[id] is { } toApprove) await toApprove.PressApproveAsync();
        else if (key == "r" && Shown[id] is { } toReject) await toReject.PressRejectAsync();
        else if (key == "c") await keys!.FocusAsync($"comment-{id}");
        StateHasChanged();
    }

    private async Task AnswerSelectedAsync(ReviewVerdict verdict)
    {
        List<AccessRequest> chosen = [.. rows.Select(row => row.Request).Where(request => selected.Contains(request.Id))];
        string? comment = await AnswerDialog.AskAsync(dialogs, verdict, chosen);
        if (comment is null) return;
        List<string> refused = [];
        foreach (AccessRequest request in chosen)
        {
            try
            {
                if (verdict == ReviewVerdict.Approve) await service.ApproveAsync(Actor, request.Id, comment, CancellationToken.None);
                else await service.RejectAsync(Actor, request.Id, comment, CancellationToken.None);
            }
            catch (RefusedException refusal)
            {
                refused.Add($"{request.NodeName} for {request.RequesterName}: {refusal.Message}");
            }
        }

        selected.Clear();
        int done = chosen.Count - refused.Count;
        if (done > 0) snackbar.Add($"{Words.Count(done, "request")} {(verdict == ReviewVerdict.Approve ? "approved" : "rejected")}.", Severity.Success);
        foreach (string words in refused) snackbar.Add(words, Severity.Error, options => options.RequireInteraction = true);
        list?.Reload();
    }
}
