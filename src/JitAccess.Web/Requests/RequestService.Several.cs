using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

// Several at once: each is judged and saved by itself, so that one that fails takes none of the others with it.
public sealed partial class RequestService
{
    /// <summary>Asks for several nodes in their order on the same terms. Trying again with the same batch id, which the form chooses once, asks only for what is not there yet.</summary>
    /// <returns>One answer per node, in order.</returns>
    /// <exception cref="RefusedException">No node, or too many.</exception>
    public async Task<IReadOnlyList<BatchSubmitted>> SubmitBatchAsync(Actor actor, Guid batchId, IReadOnlyCollection<InstanceId> nodeIds, RequestTerms terms, CancellationToken cancellationToken)
    {
        List<InstanceId> nodes = [.. nodeIds.Distinct()];
        AccessRequest.CanBeBatch(nodes.Count, terms.BreakGlass).ThrowIfRefused();
        List<BatchSubmitted> answers = [];
        foreach (InstanceId node in nodes) answers.Add(await SubmitOneAsync(actor, batchId, node, terms, cancellationToken));
        return answers;
    }

    /// <summary>Gives the same answer to several requests.</summary>
    /// <returns>One result per request, in order; nothing is thrown for a single one.</returns>
    public Task<IReadOnlyList<Answered>> AnswerManyAsync(Actor actor, IReadOnlyCollection<Guid> requestIds, ReviewVerdict verdict, string comment, CancellationToken cancellationToken) =>
        EachAsync(requestIds, id => verdict switch
        {
            ReviewVerdict.Approve => ApproveAsync(actor, id, comment, cancellationToken),
            ReviewVerdict.Reject => RejectAsync(actor, id, comment, cancellationToken),
        }, cancellationToken);

    /// <summary>Takes several requests back.</summary>
    /// <returns>One result per request, in order; nothing is thrown for a single one.</returns>
    public Task<IReadOnlyList<Answered>> CancelManyAsync(Actor actor, IReadOnlyCollection<Guid> requestIds, CancellationToken cancellationToken) =>
        EachAsync(requestIds, id => CancelAsync(actor, id, cancellationToken), cancellationToken);

    private async Task<BatchSubmitted> SubmitOneAsync(Actor actor, Guid batchId, InstanceId node, RequestTerms terms, CancellationToken cancellationToken)
    {
        try
        {
            if (await MemberAsync(actor, batchId, node, cancellationToken) is { } earlier) return new BatchSubmitted(node, earlier, IsInBatch: true, null);
            Submitted submitted = await SubmitAsync(actor, node, terms, batchId, cancellationToken);
            bool isNew = !submitted.AlreadyGranted || await MemberAsync(actor, batchId, node, cancellationToken) is not null;
            return new BatchSubmitted(node, submitted.RequestId, isNew, null);
        }
        catch (RefusedException refusal) when (refusal.RelatedRequestId is { } pending)
        {
            // The same form pressed twice at the same instant: the other press made this request.
            bool isOurs = await MemberAsync(actor, batchId, node, cancellationToken) == pending;
            return new BatchSubmitted(node, pending, isOurs, isOurs ? null : refusal);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new BatchSubmitted(node, null, IsInBatch: false, exception);
        }
    }

    private async Task<Guid?> MemberAsync(Actor actor, Guid batchId, InstanceId node, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Requests.IgnoreAutoIncludes()
            .Where(request => request.BatchId == batchId && request.Requester == actor.Subject && request.NodeId == node)
            .OrderBy(request => request.Number).Select(request => (Guid?)request.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<Answered>> EachAsync(IReadOnlyCollection<Guid> requestIds, Func<Guid, Task> act, CancellationToken cancellationToken)
    {
        List<Answered> results = [];
        foreach (Guid id in requestIds.Distinct())
        {
            try
            {
                await act(id);
                results.Add(new Answered(id, null));
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                results.Add(new Answered(id, exception));
            }
        }

        return results;
    }
}
