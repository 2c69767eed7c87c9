using JitAccess.Domain;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Requests;

/// <summary>The requests of one form, as far as the actor may see them.</summary>
/// <param name="Members">The requests in the order they were submitted; at least one.</param>
public sealed record BatchDetails(IReadOnlyList<BatchMember> Members)
{
    /// <summary>Who asked.</summary>
    public string Requester => Members[0].Request.Requester;
}

/// <summary>One request of a batch and what the actor may do with it.</summary>
public sealed record BatchMember(AccessRequest Request, Ruling CanCancel, Ruling CanConnect);
