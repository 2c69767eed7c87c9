using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace JitAccess.Web.Data;

/// <summary>Changes of the policies come one after the other: they are rare, and each is judged by the state that the one before left.</summary>
internal static class PolicyLock
{
    /// <summary>Runs a change in a transaction of its own, while no other change of policies runs in any replica. Reading goes on.</summary>
    public static async Task<T> ChangePoliciesAsync<T>(this JitAccessDbContext database, Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"lock table policy_draft in share row exclusive mode", cancellationToken);
        T result = await change();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
