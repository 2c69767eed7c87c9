using System.Collections.Immutable;
using System.Security.Claims;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Identity;

/// <summary>Remembers who has signed in, so that admins find approvers by name.</summary>
public sealed class PeopleService(IDbContextFactory<JitAccessDbContext> contexts, ActorClaims claims, TimeProvider time)
{
    /// <summary>Stores what the claims say of the person now; an identity that cannot act is recorded in the audit.</summary>
    public async Task RememberAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        Actor actor = claims.ActorFrom(principal);
        Person person = actor.Person;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        KnownPerson? known = await database.People.SingleOrDefaultAsync(entity => entity.Subject == person.Subject, cancellationToken);
        if (known is null) database.People.Add(known = new KnownPerson { Subject = person.Subject, DisplayName = person.DisplayName });
        known.DisplayName = person.DisplayName;
        known.Email = person.Email;
        known.Groups = person.Groups;
        known.Attributes = person.Attributes;
        known.Roles = claims.RolesOf(principal).Select(role => role.Value).ToImmutableSortedSet(StringComparer.Ordinal);
        known.UnusableIdentity = actor.Identity switch
        {
            ProvenIdentity.IamUser user => user.Arn,
            ProvenIdentity.AccountRoot root => root.Arn,
            _ => null,
        };
        known.LastSeenAt = time.GetUtcNow();
        Ruling identity = actor.CanAct();
        // The screens let such a person submit nothing, so this is where their attempt leaves its trace.
        if (!identity.IsAllowed) database.Record(new AuditEntry(actor, AuditAction.IdentityRefused, actor.Subject, identity.Message!, known.LastSeenAt));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception.IsCollision())
        {
            // The same person signed in twice at the same instant; both say the same.
        }
    }
}
