using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Delegations;

/// <summary>A delegation as its page shows it.</summary>
/// <param name="Delegation">The delegation.</param>
/// <param name="CanEnd">Whether the actor may end it.</param>
/// <param name="IsActive">Whether the stand-in answers now.</param>
public sealed record DelegationRow(Delegation Delegation, bool CanEnd, bool IsActive);

/// <summary>What concerns one person.</summary>
/// <param name="Mine">Who stands in for them now or later, the next first.</param>
/// <param name="ForOthers">For whom they stand in now or later, the next first.</param>
/// <param name="Past">What is over, the newest first.</param>
public sealed record DelegationsOf(IReadOnlyList<DelegationRow> Mine, IReadOnlyList<DelegationRow> ForOthers, IReadOnlyList<DelegationRow> Past);

/// <summary>Somebody who can be named as a stand-in.</summary>
public sealed record StandInChoice(string Subject, string Name, string? Email);

/// <summary>Reads delegations, each only by those whom it concerns.</summary>
public sealed class DelegationQueries(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    private const int MostPast = 20;
    private const int MostChoices = 12;
    private const int FewestLetters = 2;

    /// <summary>The actor's own delegations, and those by which they stand in.</summary>
    public async Task<DelegationsOf> OfAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        IQueryable<Delegation> own = database.Delegations.AsNoTracking().Where(delegation => delegation.Delegator == actor.Subject || delegation.StandIn == actor.Subject);
        List<Delegation> living = await own.NotOverAt(now).OrderBy(delegation => delegation.From).ToListAsync(cancellationToken);
        List<Delegation> past = await own.Where(delegation => delegation.EndedAt != null || delegation.Until <= now).OrderByDescending(delegation => delegation.EndedAt ?? delegation.Until).Take(MostPast).ToListAsync(cancellationToken);
        DelegationRow Row(Delegation delegation) => new(delegation, delegation.CanEnd(actor, now).IsAllowed, delegation.IsActive(now));
        return new DelegationsOf([.. living.Where(delegation => delegation.Delegator == actor.Subject).Select(Row)], [.. living.Where(delegation => delegation.StandIn == actor.Subject).Select(Row)], [.. past.Select(Row)]);
    }

    /// <summary>People who have signed in here and whose name or e-mail holds the text of at least two letters; without the actor.</summary>
    public async Task<IReadOnlyList<StandInChoice>> ChoicesAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        string wanted = text.Trim();
        if (wanted.Length < FewestLetters || !actor.CanAct().IsAllowed) return [];
        string pattern = LikePattern.Containing(wanted);
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.People.AsNoTracking()
            .Where(person => person.Subject != actor.Subject && (EF.Functions.ILike(person.DisplayName, pattern) || (person.Email != null && EF.Functions.ILike(person.Email, pattern))))
            .OrderBy(person => person.DisplayName).ThenBy(person => person.Subject).Take(MostChoices)
            .Select(person => new StandInChoice(person.Subject, person.DisplayName, person.Email)).ToListAsync(cancellationToken);
    }
}
