using JitAccess.Domain.People;

namespace JitAccess.Domain.Audit;

/// <summary>Who did what, under which role, from where, and why. Written in the transaction of the change that it tells of; never changed.</summary>
public sealed class AuditEntry
{
    private AuditEntry() { }

    /// <summary>An entry about something that a person did, or that a policy or the clock did (<paramref name="actor"/> null).</summary>
    /// <param name="actor">Who acted; null for the system itself.</param>
    /// <param name="action">What was done.</param>
    /// <param name="subject">What it was done to: the id of a request, a grant, a session, a policy set version.</param>
    /// <param name="why">In words that a person reads later.</param>
    /// <param name="at">When.</param>
    public AuditEntry(Actor? actor, AuditAction action, string subject, string why, DateTimeOffset at)
    {
        Id = Guid.CreateVersion7(at);
        At = at;
        Actor = actor?.Subject;
        ActorName = actor?.Person.DisplayName ?? "JitAccess";
        ActorIdentity = actor?.Identity switch
        {
            ProvenIdentity.Role role => role.Arn.Value,
            ProvenIdentity.IamUser user => user.Arn,
            ProvenIdentity.AccountRoot root => root.Arn,
            _ => null,
        };
        ActorAddress = actor?.Address;
        Action = action;
        Subject = subject;
        Why = why;
    }

    /// <summary>Whether somebody may read the audit: admins and auditors. For everybody else it is as if there were none.</summary>
    public static Ruling CanRead(Actor actor) => actor.MayReadEverything ? Ruling.Allowed : Ruling.Refused(RefusalKind.NotFound, "This page does not exist.");

    /// <summary>The entry's id (UUID version 7).</summary>
    public Guid Id { get; private set; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The subject of the person who acted; null for the system itself.</summary>
    public string? Actor { get; private set; }

    /// <summary>The name of who acted.</summary>
    public string ActorName { get; private set; } = "";

    /// <summary>The ARN of the identity that was proven; null if none.</summary>
    public string? ActorIdentity { get; private set; }

    /// <summary>The network address that the act came from; null if not known.</summary>
    public string? ActorAddress { get; private set; }

    /// <summary>What was done.</summary>
    public AuditAction Action { get; private set; }

    /// <summary>What it was done to.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>The node concerned; null if none.</summary>
    public string? NodeId { get; init; }

    /// <summary>The state before as JSON; null if there was none.</summary>
    public string? Before { get; init; }

    /// <summary>The state after as JSON; null if there is none.</summary>
    public string? After { get; init; }

    /// <summary>The version of the policy set that governed; null if none did.</summary>
    public int? PolicySetVersion { get; init; }

    /// <summary>In words.</summary>
    public string Why { get; private set; } = "";
}
