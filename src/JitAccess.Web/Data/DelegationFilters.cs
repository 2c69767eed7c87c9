using JitAccess.Domain.People;

namespace JitAccess.Web.Data;

/// <summary>The clock's part of what a delegation is, in SQL.</summary>
internal static class DelegationFilters
{
    /// <summary>The same rule as <see cref="Delegation.IsActive"/>.</summary>
    public static IQueryable<Delegation> ActiveAt(this IQueryable<Delegation> delegations, DateTimeOffset now) => delegations.NotOverAt(now).Where(delegation => delegation.From <= now);

    /// <summary>The opposite of <see cref="Delegation.IsOver"/>.</summary>
    public static IQueryable<Delegation> NotOverAt(this IQueryable<Delegation> delegations, DateTimeOffset now) => delegations.Where(delegation => delegation.EndedAt == null && delegation.Until > now);
}
