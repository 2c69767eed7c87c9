using JitAccess.Domain.People;

namespace JitAccess.Domain.Requests;

// A start that was asked for instead of "now".
public sealed partial class AccessRequest
{
    /// <summary>The start that was asked for; null to start at approval. The grant starts at the later of the two.</summary>
    public DateTimeOffset? AskedStart { get; private set; }

    /// <summary>Whether the requester, as known when a scheduled grant is to open, still has what the request was made with: somebody known, who may act under its role.</summary>
    /// <param name="requester">The person as last seen; null if they are not known any more.</param>
    /// <param name="roles">The ARNs of the roles that they may act under.</param>
    public Ruling CanStillAct(Person? requester, IReadOnlyCollection<string> roles) => requester switch
    {
        null => Ruling.Refused(RefusalKind.Forbidden, $"{RequesterName} is no longer known here."),
        _ when roles.Contains(RequesterRole) => Ruling.Allowed,
        _ => Ruling.Refused(RefusalKind.Forbidden, $"{RequesterName} may no longer act under the role {RoleName}, under which the request was made."),
    };

    private string RoleName => RoleArn.TryParse(RequesterRole, out RoleArn? role) ? role.Name : RequesterRole;
}
