using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Notifications;

/// <summary>Everybody who can be reached by e-mail, and what each wants to be told.</summary>
internal sealed class NoticeReaders
{
    private readonly Dictionary<string, Reader> _readers;
    private readonly ApproverDirectory _directory;
    private readonly IReadOnlyCollection<string> _adminGroups;

    private readonly ILookup<string, string> _standIns;

    private NoticeReaders(IReadOnlyList<Reader> readers, IReadOnlyList<Delegation> delegations, IReadOnlyCollection<string> adminGroups)
    {
        _standIns = delegations.ToLookup(delegation => delegation.Delegator, delegation => delegation.StandIn, StringComparer.Ordinal);
        _readers = readers.ToDictionary(reader => reader.Person.Subject, StringComparer.Ordinal);
        _directory = readers.Select(reader => reader.Person).AsDirectory();
        _adminGroups = adminGroups;
    }

    /// <summary>Nobody can be reached.</summary>
    public static NoticeReaders None { get; } = new([], [], []);

    /// <summary>The people whose address their sign-in told, as they were the last time.</summary>
    public static async Task<NoticeReaders> LoadAsync(JitAccessDbContext database, IReadOnlyCollection<string> adminGroups, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await (from person in database.People.AsNoTracking()
                           where person.Email != null
                           join preferences in database.NotificationPreferences.AsNoTracking() on person.Subject equals preferences.Subject into chosen
                           from preferences in chosen.DefaultIfEmpty()
                           select new { Person = person, Preferences = preferences }).ToListAsync(cancellationToken);
        List<Delegation> delegations = await database.Delegations.AsNoTracking().ActiveAt(now).ToListAsync(cancellationToken);
        return new NoticeReaders([.. found.Select(one => new Reader(one.Person, one.Preferences?.Muted ?? []))], delegations, adminGroups);
    }

    /// <summary>Who is told, each once and with the first line that is for them; not who did it, and not who does not want to know.</summary>
    public IEnumerable<(KnownPerson Person, NoticeLine Line)> Of(Happening happening)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (NoticeLine line in happening.Lines)
        {
            foreach (string subject in SubjectsOf(line.To, happening))
            {
                if (subject == happening.Told.Actor && !line.AlsoToTheActor) continue;
                if (!_readers.TryGetValue(subject, out Reader? reader) || !seen.Add(subject)) continue;
                if (line.Topic is { } topic && reader.Muted.Contains(topic.ToString())) continue;
                yield return (reader.Person, line);
            }
        }
    }

    private List<string> SubjectsOf(Audience audience, Happening happening)
    {
        List<string> subjects = [];
        if (happening.Request is { } request)
        {
            if (audience.HasFlag(Audience.Requester)) subjects.Add(request.Requester);
            if (audience.HasFlag(Audience.OpenLevel) && happening.HasOpenedALevel) subjects.AddRange(NamedBy(request.OpenApprovers, request.Requester).Where(subject => CanStillAnswer(request, subject)));
            if (audience.HasFlag(Audience.Approvers)) subjects.AddRange(NamedBy(request.Levels.SelectMany(level => level.Approvers), request.Requester));
        }
        if (audience.HasFlag(Audience.StandIn) && happening.Delegation is { } delegation) subjects.AddRange([delegation.StandIn, delegation.Delegator]);
        if (audience.HasFlag(Audience.Admins)) subjects.AddRange(_readers.Values.Where(reader => reader.Person.Groups.Overlaps(_adminGroups)).Select(reader => reader.Person.Subject));
        return subjects;
    }

    // Nobody is asked about themselves, and nobody stands in for the requester.
    private IEnumerable<string> NamedBy(IEnumerable<Approver> approvers, string requester) => approvers.SelectMany(_directory.SubjectsOf).Where(subject => subject != requester)
        .SelectMany(subject => _standIns[subject].Prepend(subject)).Where(subject => subject != requester);

    private static bool CanStillAnswer(AccessRequest request, string subject) => request.Reviews.All(review => review.Reviewer != subject && review.SeatOf != subject);

    private sealed record Reader(KnownPerson Person, ImmutableSortedSet<string> Muted);
}
