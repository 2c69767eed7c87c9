using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>One entry in a level: a person, a group, or an IAM role.</summary>
/// <param name="Kind">What <paramref name="Id"/> names.</param>
/// <param name="Id">A person's subject, a group's identifier, or a role's name or ARN.</param>
public sealed record Approver(ApproverKind Kind, string Id)
{
    /// <summary>What people read: a role's name without the rest of its ARN, anything else as it is.</summary>
    public string Name => Kind == ApproverKind.Role && RoleArn.TryParse(Id, out RoleArn? arn) ? arn.Name : Id;

    /// <summary>Whether this entry names the actor. A role given by its ARN must be that very role; given by name, a role of that name in any account.</summary>
    public bool Includes(Actor actor) => Kind switch
    {
        ApproverKind.Person => actor.Subject == Id,
        ApproverKind.Group => actor.Person.Groups.Contains(Id),
        ApproverKind.Role => actor.Role is { } role && (role.Value == Id || role.Name == Id),
    };
}
