using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Requests;

/// <summary>Several nodes asked for together.</summary>
public sealed partial class BatchPage(RequestQueries queries, RequestService requests, Failures describe, IDialogService dialogs, ISnackbar snackbar)
{
    private readonly List<Failure> failures = [];

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private static string Summary(BatchDetails batch)
    {
        string parts = string.Join(", ", batch.Members.GroupBy(member => member.Request.Status).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Described(group.Key)}"));
        return $"{parts}.";
    }

    private static string Described(RequestStatus status) => status switch
    {
        RequestStatus.Pending => "pending",
        RequestStatus.Approved => "approved",
        RequestStatus.Rejected => "rejected",
        RequestStatus.Cancelled => "cancelled",
        RequestStatus.TimedOut => "timed out",
    };

    private async Task<BatchDetails> LoadAsync(CancellationToken cancellationToken) =>
        await queries.FindBatchAsync(Actor, Id, cancellationToken) ?? throw RefusedException.NotFound("batch");

    private async Task CancelAsync(List<AccessRequest> pending)
    {
        failures.Clear();
        bool sure = await ConfirmDialog.AskAsync(dialogs, $"Cancel {Words.Count(pending.Count, "request")}?",
            $"The approvers of {string.Join(", ", pending.Select(request => request.NodeName))} are no longer asked. You may ask again later.", $"Cancel {Words.Count(pending.Count, "request")}", "Keep waiting");
        if (!sure) return;
        IReadOnlyList<Answered> results = await requests.CancelManyAsync(Actor, [.. pending.Select(request => request.Id)], CancellationToken.None);
        int done = results.Count(result => result.Failure is null);
        if (done > 0) snackbar.Add($"{Words.Count(done, "request")} cancelled.", Severity.Success);
        foreach (Answered result in results.Where(result => result.Failure is not null))
        {
            Failure failure = describe.Describe(result.Failure!);
            failures.Add(failure with { Message = $"{pending.First(request => request.Id == result.RequestId).NodeName}: {failure.Message}" });
        }
    }
}
