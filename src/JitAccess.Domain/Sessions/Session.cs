using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Sessions;

/// <summary>One connection inside a grant.</summary>
public sealed class Session
{
    private Session() { }

    /// <summary>Opens a session inside a grant, before AWS is asked, so that nothing AWS starts is ever unknown here.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="now">When.</param>
    /// <param name="destination">Where connections go; null for a terminal.</param>
    public Session(Grant grant, DateTimeOffset now, PortDestination? destination = null)
    {
        Destination = destination?.ToString();
        Id = Guid.CreateVersion7(now);
        GrantId = grant.Id;
        Holder = grant.Holder;
        NodeId = grant.NodeId;
        StartedAt = now;
    }

    /// <summary>The session's id here (UUID version 7).</summary>
    public Guid Id { get; private set; }

    /// <summary>The grant that it is inside; another one of the same person and node takes over when that ends.</summary>
    public Guid GrantId { get; private set; }

    /// <summary>The subject of the person who works in it.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>The node.</summary>
    public InstanceId NodeId { get; private set; }

    /// <summary>Where connections through it go, as <see cref="PortDestination"/> writes it; null for a terminal.</summary>
    public string? Destination { get; private set; }

    /// <summary>The id that AWS gave it; null until AWS answered.</summary>
    public string? AwsSessionId { get; private set; }

    /// <summary>When the person connected.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When it ended here; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it ended; null while it lives.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>The end in words, for the person and the audit; empty while it lives.</summary>
    public string EndReason { get; private set; } = "";

    /// <summary>When AWS confirmed that the session is gone; null until then. An ended session without it is terminated again until AWS confirms.</summary>
    public DateTimeOffset? TerminationConfirmedAt { get; private set; }

    /// <summary>True while somebody may work in it.</summary>
    public bool IsLive => EndedAt is null;

    /// <summary>AWS started the session under this id. If it was ended here meanwhile, AWS must be told so after all.</summary>
    public void Started(string awsSessionId)
    {
        AwsSessionId = awsSessionId;
        if (!IsLive) TerminationConfirmedAt = null;
    }

    /// <summary>Whether the actor may watch the session while it lives: admins and auditors, but not their own.</summary>
    public Ruling CanWatch(Actor actor)
    {
        if (!actor.MayReadEverything) return Ruling.Refused(RefusalKind.NotFound, "This session does not exist.");
        if (actor.Subject == Holder) return Ruling.Refused(RefusalKind.Conflict, "This is your own session. A second person has to watch it.");
        return IsLive ? Ruling.Allowed : Ruling.Refused(RefusalKind.Conflict, $"The session has ended. {EndReason}");
    }

    /// <summary>Whether the actor may end the session: the person in it, an approver of its request, or an admin.</summary>
    /// <param name="actor">Who wants to.</param>
    /// <param name="request">The request of the session's grant.</param>
    public Ruling CanEnd(Actor actor, AccessRequest request)
    {
        if (actor.Subject == Holder || actor.IsAdmin) return Ruling.Allowed;
        if (!request.IsVisibleTo(actor)) return Ruling.Refused(RefusalKind.NotFound, "This session does not exist.");
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        return request.SeatsOf(actor).Any()
            ? Ruling.Allowed
            : Ruling.Refused(RefusalKind.Forbidden, "You are not an approver of the request behind this session. Its approvers and admins can end it.");
    }

    /// <summary>Whether the words say why somebody else's session is ended: 1 to 256 characters and not only blanks.</summary>
    public static Ruling CanBeEndReason(string? reason) => reason switch
    {
        _ when string.IsNullOrWhiteSpace(reason) => Ruling.Refused(RefusalKind.Invalid, "Say why you end the session: a reason is required, 1 to 256 characters. The person in it reads it."),
        { Length: > AccessQuestion.MaximumReasonLength } => Ruling.Refused(RefusalKind.Invalid, $"The reason has {reason.Length} characters; at most {AccessQuestion.MaximumReasonLength} are allowed. Shorten it."),
        _ => Ruling.Allowed,
    };

    /// <summary>Ends the session; a session that has ended keeps its first reason.</summary>
    public void Finish(SessionEnd end, string reason, DateTimeOffset now)
    {
        if (!IsLive) return;
        (EndedAt, End, EndReason) = (now, end, reason);
        // What AWS never started need not be terminated there.
        if (AwsSessionId is null) TerminationConfirmedAt = now;
    }

    /// <summary>Goes on inside another active grant of the same person for the same node, when its own ends.</summary>
    /// <exception cref="InvalidOperationException">The session has ended, or the grant does not cover it.</exception>
    public void MoveTo(Grant grant, DateTimeOffset now)
    {
        if (!IsLive || grant.Holder != Holder || grant.NodeId != NodeId || !grant.IsActive(now)) throw new InvalidOperationException("The grant does not cover the session.");
        GrantId = grant.Id;
    }

    /// <summary>AWS shows a session alive that has ended here: it must be told again.</summary>
    /// <exception cref="InvalidOperationException">The session has not ended here.</exception>
    public void ShownAliveAgain()
    {
        if (IsLive) throw new InvalidOperationException("The session has not ended.");
        TerminationConfirmedAt = null;
    }

    /// <summary>AWS says that the session is gone.</summary>
    public void TerminationConfirmed(DateTimeOffset now) => TerminationConfirmedAt ??= now;
}
