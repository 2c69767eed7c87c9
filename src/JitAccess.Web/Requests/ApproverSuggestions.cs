using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

/// <summary>Who of the many that may answer is likely to: for whoever asks, to know whom to speak to.</summary>
public sealed class ApproverSuggestions(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    // The newest reviews tell enough; all of them would be asked for with every form.
    private const int Remembered = 2000;
    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(90);

    /// <summary>The known people of each level, likely ones first: who answered for this node last, then who answered anything last, then who was here last. Without the actor, whose own review never counts.</summary>
    /// <returns>Names, one list per level, in order.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> ForAsync(Actor actor, InstanceId node, ImmutableArray<ApprovalLevel> levels, CancellationToken cancellationToken)
    {
        if (levels.IsEmpty) return [];
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset since = time.GetUtcNow() - RememberedFor;
        List<KnownPerson> people = await database.People.AsNoTracking().ToListAsync(cancellationToken);
        var newest = await (from review in database.Set<Review>().Where(review => review.Reviewer != null).OrderByDescending(review => review.Id).Take(Remembered)
                            join request in database.Requests.IgnoreAutoIncludes() on EF.Property<Guid>(review, "RequestId") equals request.Id
                            where review.At >= since
                            select new { Reviewer = review.Reviewer!, review.At, IsHere = request.NodeId == node }).ToListAsync(cancellationToken);
        var answered = newest.GroupBy(review => review.Reviewer, StringComparer.Ordinal).ToDictionary(
            reviews => reviews.Key, reviews => new { Last = reviews.Max(one => one.At), LastHere = reviews.Max(one => one.IsHere ? (DateTimeOffset?)one.At : null) }, StringComparer.Ordinal);
        ApproverDirectory known = people.AsDirectory();
        return [.. levels.Select(level =>
        {
            HashSet<string> subjects = [.. level.Approvers.SelectMany(known.SubjectsOf)];
            return (IReadOnlyList<string>)[.. people.Where(person => person.Subject != actor.Subject && subjects.Contains(person.Subject))
                .OrderByDescending(person => answered.GetValueOrDefault(person.Subject)?.LastHere)
                .ThenByDescending(person => answered.GetValueOrDefault(person.Subject)?.Last)
                .ThenByDescending(person => person.LastSeenAt).ThenBy(person => person.DisplayName, StringComparer.Ordinal).Select(person => person.DisplayName)];
        })];
    }
}
