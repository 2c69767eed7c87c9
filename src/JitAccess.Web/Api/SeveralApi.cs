using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>Several at once: each is judged by itself, so that one that fails takes none of the others with it.</summary>
internal static class SeveralApi
{
    private const int Most = 100;

    public static void MapSeveral(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder batches = api.MapGroup("/batches").WithTags("Requests");
        batches.MapPost("", SubmitAsync).WithSummary("Asks for several nodes on the same terms").Requires(TokenScopes.Request).TakesIdempotencyKey<NewBatch>();
        batches.MapGet("/{id:guid}", GetAsync).WithSummary("The requests that were made together").Requires(TokenScopes.Read).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/approvals/answer", AnswerAsync).WithTags("Requests").WithSummary("Gives several requests the same answer").Requires(TokenScopes.Approve);
    }

    private static async Task<Created<BatchWire>> SubmitAsync(NewBatch asked, Caller caller, RequestService requests, CancellationToken cancellationToken)
    {
        List<InstanceId> nodes = [.. asked.NodeIds.Select(id => InstanceId.TryParse(id, out InstanceId node) ? node : throw new RefusedException(RefusalKind.Invalid, "nodeIds holds what is no node's id: those are i-… or mi-…."))];
        Guid batch = asked.BatchId ?? Guid.CreateVersion7();
        RequestTerms terms = new(asked.Reason, Minutes.Of(asked.DurationMinutes), asked.StartsAt?.ToUniversalTime(), asked.Ticket);
        IReadOnlyList<BatchSubmitted> answers = await requests.SubmitBatchAsync(caller.Actor, batch, nodes, terms, cancellationToken);
        return TypedResults.Created($"{ApiSetup.Root}/batches/{batch}", new BatchWire(batch, [.. answers.Select(answer => new BatchItem(answer.NodeId.Value, answer.RequestId, WhyOf(answer.Failure)))]));
    }

    private static async Task<Ok<BatchShown>> GetAsync(Guid id, Caller caller, RequestQueries requests, CancellationToken cancellationToken)
    {
        BatchDetails batch = await requests.FindBatchAsync(caller.Actor, id, cancellationToken) ?? throw RefusedException.NotFound("batch");
        return TypedResults.Ok(new BatchShown(id, [.. batch.Members.Select(member => RequestItem.Of(member.Request))]));
    }

    private static async Task<Ok<AnswersWire>> AnswerAsync(NewAnswers given, Caller caller, RequestService requests, CancellationToken cancellationToken)
    {
        if (given.RequestIds.Count is 0 or > Most) throw new RefusedException(RefusalKind.Invalid, $"requestIds holds {given.RequestIds.Count} requests; it must be 1 to {Most}.");
        IReadOnlyList<Answered> answers = await requests.AnswerManyAsync(caller.Actor, given.RequestIds, given.Verdict, given.Comment, cancellationToken);
        return TypedResults.Ok(new AnswersWire([.. answers.Select(answer => new AnswerItem(answer.RequestId, WhyOf(answer.Failure)))]));
    }

    // What is no refusal is a defect or an outage, whose words are not for callers.
    private static string? WhyOf(Exception? failure) => failure switch
    {
        null => null,
        RefusedException refusal => refusal.Message,
        _ => "Something went wrong in JitAccess. Try this one again.",
    };
}

/// <summary>Several nodes on the same terms.</summary>
/// <param name="NodeIds">The nodes, in order.</param>
/// <param name="Reason">Why, 1 to 256 characters.</param>
/// <param name="DurationMinutes">How long; null for as long as the policies allow.</param>
/// <param name="StartsAt">From when on; null for as soon as access is given.</param>
/// <param name="Ticket">The ticket that the work belongs to.</param>
/// <param name="BatchId">What ties them together; asking again with it asks only for what is not there yet. Null for a new one.</param>
internal sealed record NewBatch(IReadOnlyList<string> NodeIds, string Reason, double? DurationMinutes = null, DateTimeOffset? StartsAt = null, string? Ticket = null, Guid? BatchId = null);

/// <summary>What asking for several led to.</summary>
/// <param name="Id">What ties them together.</param>
/// <param name="Items">One answer a node, in order.</param>
internal sealed record BatchWire(Guid Id, IReadOnlyList<BatchItem> Items);

/// <summary>What asking for one of several led to.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="RequestId">Its request, or the one that stands in the way; null if there is none.</param>
/// <param name="Why">Why it was refused; null when it was not.</param>
internal sealed record BatchItem(string NodeId, Guid? RequestId, string? Why);

/// <summary>Requests that were made together, as far as the caller may see them.</summary>
/// <param name="Id">What ties them together.</param>
/// <param name="Items">The requests.</param>
internal sealed record BatchShown(Guid Id, IReadOnlyList<RequestItem> Items);

/// <summary>One answer to several requests.</summary>
/// <param name="RequestIds">The requests, at most 100.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="Comment">A word to the requesters.</param>
internal sealed record NewAnswers(IReadOnlyList<Guid> RequestIds, ReviewVerdict Verdict, string Comment = "");

/// <summary>What answering several led to.</summary>
/// <param name="Items">One a request, in order.</param>
internal sealed record AnswersWire(IReadOnlyList<AnswerItem> Items);

/// <summary>What answering one of several led to.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Why">Why nothing was recorded; null when it was.</param>
internal sealed record AnswerItem(Guid RequestId, string? Why);
