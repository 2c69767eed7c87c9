using System.Collections.Immutable;

namespace JitAccess.Domain.People;

/// <summary>A person acting now, with the identity that was proven at sign-in.</summary>
public sealed record Actor
{
    /// <summary>Who acts.</summary>
    public required Person Person { get; init; }

    /// <summary>Under which AWS identity.</summary>
    public required ProvenIdentity Identity { get; init; }

    /// <summary>The rights beyond asking for access.</summary>
    public ImmutableHashSet<ApplicationRole> Roles { get; init; } = [];

    /// <summary>The tags that the IAM session carries, for policies that ask <c>context.iam.principalTags</c>.</summary>
    public ImmutableSortedDictionary<string, string> PrincipalTags { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>In whose place the actor may answer now. What the store knows of this very moment, never what a sign-in said.</summary>
    public ImmutableArray<AbsentApprover> StandsInFor { get; init; } = [];

    /// <summary>The roles that somebody who does not act under a role is told to assume.</summary>
    public ImmutableArray<RoleArn> SuggestedRoles { get; init; } = [];

    /// <summary>Where the person acts from (network address); null if not known.</summary>
    public string? Address { get; init; }

    /// <summary>Short for the person's subject.</summary>
    public string Subject => Person.Subject;

    /// <summary>The role that the actor acts under; null if they do not act under one.</summary>
    public RoleArn? Role => (Identity as ProvenIdentity.Role)?.Arn;

    /// <summary>True for somebody who may write policies.</summary>
    public bool IsAdmin => Roles.Contains(ApplicationRole.Admin);

    /// <summary>True for somebody who may read everything.</summary>
    public bool MayReadEverything => IsAdmin || Roles.Contains(ApplicationRole.Auditor);

    /// <summary>Whether requests and reviews can be made under the proven identity. Everybody who cannot is told so on every page.</summary>
    public Ruling CanAct() => Identity switch
    {
        ProvenIdentity.Role => Ruling.Allowed,
        ProvenIdentity.IamUser user => Ruling.Refused(RefusalKind.Forbidden, $"You are signed in as the IAM user {user.Name}. Requests and approvals are made with a role. {Suggestion}"),
        ProvenIdentity.AccountRoot => Ruling.Refused(RefusalKind.Forbidden, $"You are signed in as the root user of an AWS account. Requests and approvals are made with a role. {Suggestion}"),
        _ => Ruling.Refused(RefusalKind.Forbidden, "Your sign-in maps to no IAM role. Requests and approvals are made with a role. Ask an admin of JitAccess to map one of your groups to a role."),
    };

    private string Suggestion => SuggestedRoles.IsEmpty
        ? "Assume a role, then sign in again; an admin of JitAccess can tell which."
        : $"Assume one of: {string.Join(", ", SuggestedRoles.Select(role => role.Name))}. Then sign in again.";
}
