using JitAccess.Domain.People;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Notifications;

/// <summary>What an outbox message says, as <see cref="Data.ChangeRecord"/> writes it.</summary>
internal sealed record Told(string Subject, string? NodeId, string? Actor, string ActorName, string Why);

/// <summary>One outbox message with all that its deliveries are made from.</summary>
internal sealed record Happening(OutboxMessage Message, Told Told, IReadOnlyList<NoticeLine> Lines)
{
    /// <summary>The request concerned; null if it is about none.</summary>
    public AccessRequest? Request { get; set; }

    /// <summary>The delegation concerned; null if it is about none.</summary>
    public Delegation? Delegation { get; set; }

    /// <summary>The id that it happened to; null if it is no id.</summary>
    public Guid? SubjectId => Guid.TryParse(Told.Subject, out Guid id) ? id : null;

    public NoticeFacts Facts => new(Request, Told.Subject, Told.ActorName) { Delegation = Delegation };

    /// <summary>Whether the open level opened by this: nobody had answered at it when it happened. Whoever is asked already is not asked again with every review.</summary>
    public bool HasOpenedALevel => Request is { Status: RequestStatus.Pending } request
        && request.Reviews.Where(review => review.At <= Message.CreatedAt).Select(review => review.Level).DefaultIfEmpty(0).Max() < request.OpenLevel;
}
