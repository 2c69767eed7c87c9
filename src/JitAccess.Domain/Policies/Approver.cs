using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>One entry in a level: a person, a group, or an IAM role.</summary>
/// <param name="Kind">What <paramref name="Id"/> names.</param>
/// <param name="Id">A person's subject, a group's identifier, or a role's name or ARN.</param>
public sealed record Approver(ApproverKind Kind, string Id)
{
    /// <summary>What people read: a role's name without the rest of its ARN, anything else as it is.</summary>
    public string Name => Kind == ApproverKind.Role && RoleArn.TryParse(Id, out RoleArn? arn) ? arn.Name : Id;

    /// <summary>The entry as one text that a store can index: <c>role:jit-approver</c>.</summary>
    public string Key => KeyOf(Kind, Id);

    /// <summary>Every key under which the actor can be named. A role counts by its ARN (that very role) and by its name (a role of that name in any account).</summary>
    public static IReadOnlySet<string> KeysOf(Actor actor)
    {
        HashSet<string> keys = new(StringComparer.Ordinal) { KeyOf(ApproverKind.Person, actor.Subject) };
        keys.UnionWith(actor.Person.Groups.Select(group => KeyOf(ApproverKind.Group, group)));
        if (actor.Role is { } role) keys.UnionWith([KeyOf(ApproverKind.Role, role.Value), KeyOf(ApproverKind.Role, role.Name)]);
        return keys;
    }

    /// <summary>Every key under which an absent approver can be named: by any role that they may act under.</summary>
    public static IReadOnlySet<string> KeysOf(AbsentApprover absent)
    {
        HashSet<string> keys = new(StringComparer.Ordinal) { KeyOf(ApproverKind.Person, absent.Person.Subject) };
        keys.UnionWith(absent.Person.Groups.Select(group => KeyOf(ApproverKind.Group, group)));
        keys.UnionWith(absent.Roles.SelectMany(role => new[] { KeyOf(ApproverKind.Role, role.Value), KeyOf(ApproverKind.Role, role.Name) }));
        return keys;
    }

    /// <summary>Whether this entry names the actor.</summary>
    public bool Includes(Actor actor) => KeysOf(actor).Contains(Key);

    /// <summary>Whether this entry names the absent approver.</summary>
    public bool Includes(AbsentApprover absent) => KeysOf(absent).Contains(Key);

    private static string KeyOf(ApproverKind kind, string id) => kind switch
    {
        ApproverKind.Person => "person:" + id,
        ApproverKind.Group => "group:" + id,
        ApproverKind.Role => "role:" + id,
    };
}
