using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Identity;

/// <summary>An actor with whom they stand in for now, and what the newest sign-ins say of the people at stake.</summary>
/// <param name="Actor">The actor, as their own sign-in says.</param>
/// <param name="Known">Those of the people who have signed in, as they were known the last time.</param>
internal sealed record Standing(Actor Actor, ApproverDirectory Known)
{
    /// <summary>The actor without what newer sign-ins have taken away.</summary>
    public Actor AsKnown => Known.AsKnown(Actor);
}

/// <summary>What is known of people whose rights are at stake.</summary>
internal static class KnownPeople
{
    /// <summary>Where the actor stands at an instant, and what is known of them and of these other people. One question to the database.</summary>
    public static async Task<Standing> StandingOfAsync(this JitAccessDbContext database, Actor actor, IEnumerable<string> others, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string[] wanted = [.. others.Append(actor.Subject).Distinct(StringComparer.Ordinal)];
        IQueryable<string> absent = database.Delegations.ActiveAt(now).Where(delegation => delegation.StandIn == actor.Subject).Select(delegation => delegation.Delegator);
        var people = await database.People.AsNoTracking().Where(person => wanted.Contains(person.Subject) || absent.Contains(person.Subject))
            .OrderBy(person => person.Subject).Select(person => new { Known = person, IsAbsent = absent.Contains(person.Subject) }).ToListAsync(cancellationToken);
        return new Standing(actor with { StandsInFor = [.. people.Where(person => person.IsAbsent).Select(person => new AbsentApprover(person.Known.AsPerson(), RolesOf(person.Known)))] }, people.Select(person => person.Known).AsDirectory());
    }

    private static ImmutableArray<RoleArn> RolesOf(KnownPerson person) =>
        [.. person.Roles.Select(arn => RoleArn.TryParse(arn, out RoleArn? role) ? role : null).OfType<RoleArn>()];

    /// <summary>The people as levels name them.</summary>
    public static ApproverDirectory AsDirectory(this IEnumerable<KnownPerson> people) =>
        new([.. people.Select(person => new ApproverDirectory.KnownPerson(person.Subject, person.DisplayName, person.Groups, RolesOf(person)))], IsComplete: false);
}
