using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Data;

/// <summary>Attempts that a rule refused leave their trace too.</summary>
internal static class Refusals
{
    /// <summary>Records in a save of its own that the actor tried and was refused. A slip of the pen is not an attempt, and what does not exist for them is none either.</summary>
    public static async Task RecordRefusalAsync(this IDbContextFactory<JitAccessDbContext> contexts, Actor actor, AuditAction action, AccessRequest request, RefusedException refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (refusal.Kind is not (RefusalKind.Forbidden or RefusalKind.Conflict)) return;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        database.Record(new AuditEntry(actor, action, request.Id.ToString(), refusal.Message, now)
        {
            NodeId = request.NodeId.Value,
            PolicySetVersion = request.Decision.PolicySetVersion,
        });
        await database.SaveChangesAsync(cancellationToken);
    }
}
