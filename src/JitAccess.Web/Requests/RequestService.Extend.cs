using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

// More time on an active grant.
public sealed partial class RequestService
{
    /// <summary>What asking for more time would answer now. Stores nothing.</summary>
    /// <exception cref="RefusedException">The grant does not exist or is not the actor's, or its node is not known any more.</exception>
    public async Task<ExtensionPreview> PreviewExtensionAsync(Actor actor, Guid grantId, RequestTerms terms, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Grant grant = await OwnGrantAsync(database, actor, grantId, cancellationToken);
        Asked asked = await AskAsync(database, actor, grant.NodeId, terms with { Start = null }, cancellationToken);
        Ruling canExtend = asked.Pending is null ? AccessRequest.CanExtend(grant, asked.Question, asked.Decision) : AlreadyPending(asked.Question.Node);
        return new ExtensionPreview(grant, asked.Decision, canExtend, AccessRequest.MostToAdd(grant, asked.Decision, asked.Question.At), asked.Pending);
    }

    /// <summary>Asks for more time on an active grant. Approved at once, its end moves in the same save; otherwise people are asked, and the grant goes on meanwhile.</summary>
    /// <param name="actor">The holder.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="seenEnd">The end that the person saw when they asked: whoever asks twice is not given twice.</param>
    /// <param name="terms">Why, and how much is to be added.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanExtend"/> and <see cref="Grant.CanBeExtendedFrom"/>; also when the grant is not the actor's, or a request for the node is pending already.</exception>
    public async Task<Extended> ExtendAsync(Actor actor, Guid grantId, DateTimeOffset seenEnd, RequestTerms terms, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryExtendAsync(actor, grantId, seenEnd, terms, cancellationToken);
            }
            catch (Exception exception) when (exception.IsCollision() && tries < MaximumTries)
            {
                // The grant was extended or ended, or the same was asked, at the same instant; judged anew on what is there now.
            }
        }
    }

    private async Task<Extended> TryExtendAsync(Actor actor, Guid grantId, DateTimeOffset seenEnd, RequestTerms terms, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Grant grant = await OwnGrantAsync(database, actor, grantId, cancellationToken);
        grant.CanBeExtended(actor, time.GetUtcNow()).ThrowIfRefused();
        Asked asked = await AskAsync(database, actor, grant.NodeId, terms with { Start = null }, cancellationToken);
        (AccessQuestion question, Decision decision) = (asked.Question, asked.Decision);
        if (asked.Pending is not null)
            throw new RefusedException(RefusalKind.Conflict, AlreadyPending(question.Node).Message!) { RelatedRequestId = asked.Pending };
        grant.CanBeExtendedFrom(seenEnd).ThrowIfRefused();

        Ruling ruling = AccessRequest.CanExtend(grant, question, decision);
        if (ruling.Kind == RefusalKind.Forbidden && !ruling.IsAllowed) await RecordRefusalAsync(question, decision, ruling, cancellationToken);
        ruling.ThrowIfRefused();
        string before = RequestState.Of(grant);
        AccessRequest request = AccessRequest.Extend(grant, question, decision);
        database.Requests.Add(request);
        bool isApproved = request.Status == RequestStatus.Approved;
        // A request only waits for the grant as it is: whoever ends the grant at this instant must see the request, so the grant's row moves, too.
        if (!isApproved) database.Entry(grant).Property(entity => entity.EndsAt).IsModified = true;
        database.Record(new AuditEntry(actor, isApproved ? AuditAction.RequestApprovedAutomatically : AuditAction.RequestSubmitted, request.Id.ToString(),
            $"{(isApproved ? Opened(request) : $"Asks for {request.Duration.TotalMinutes:0.##} more minutes on a grant.")} {decision.Sentence} {Given(request)}", question.At)
        {
            NodeId = request.NodeId.Value,
            PolicySetVersion = decision.PolicySetVersion,
            Before = before,
            After = RequestState.Of(request),
        });
        await database.SaveChangesAsync(cancellationToken);
        return new Extended(request.Id, isApproved, request.Duration);
    }

    private static async Task<Grant> OwnGrantAsync(JitAccessDbContext database, Actor actor, Guid grantId, CancellationToken cancellationToken) =>
        await database.Grants.SingleOrDefaultAsync(grant => grant.Id == grantId && grant.Holder == actor.Subject, cancellationToken) ?? throw RefusedException.NotFound("grant");
}
