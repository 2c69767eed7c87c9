using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;
using Decision = JitAccess.Domain.Policies.Decision;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>Asks the policies about anybody, any node and any time, for admins and auditors. Nothing is requested and nobody is told.</summary>
public sealed class SimulatorQueries(IDbContextFactory<JitAccessDbContext> contexts, PolicyStore policies, CedarEngine engine, TimeProvider time)
{
    /// <summary>How many people a search answers with.</summary>
    private const int MostPeople = 12;

    /// <summary>How many groups the matrix has, so that it stays one that a person can read.</summary>
    private const int MostGroups = 100;

    /// <summary>How many versions stay prepared: somebody compares a few.</summary>
    private const int KeptSets = 4;

    private readonly Lock _lock = new();
    private readonly List<(string Key, PolicyEvaluator Evaluator)> _prepared = [];

    /// <summary>What can be asked about.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor.</exception>
    public async Task<SimulatorChoices> ChoicesAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
        PolicyEvaluator evaluator = await policies.NumberedAsync(database, state.Version, cancellationToken);
        List<KnownPerson> people = await database.People.AsNoTracking().ToListAsync(cancellationToken);
        List<ImmutableSortedDictionary<string, string>> tags = await database.Nodes.AsNoTracking().Select(node => node.Tags).ToListAsync(cancellationToken);
        return new SimulatorChoices(
            Groups(people, evaluator),
            [.. people.SelectMany(person => person.Roles).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. tags.SelectMany(one => one.Keys).Where(key => key != "Name").GroupBy(key => key, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key)],
            state.Version, state.Draft is not null);
    }

    /// <summary>People who have signed in and whose name holds the text.</summary>
    /// <inheritdoc cref="ChoicesAsync" />
    public async Task<IReadOnlyList<SimulatedPerson>> PeopleAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        string pattern = LikePattern.Containing(text.Trim());
        List<KnownPerson> people = await database.People.AsNoTracking()
            .Where(person => EF.Functions.ILike(person.DisplayName, pattern) || EF.Functions.ILike(person.Subject, pattern) || (person.Email != null && EF.Functions.ILike(person.Email, pattern)))
            .OrderBy(person => person.DisplayName).ThenBy(person => person.Subject).Take(MostPeople).ToListAsync(cancellationToken);
        return [.. people.Select(person => new SimulatedPerson(person.Subject, person.DisplayName, person.Email, person.Groups))];
    }

    /// <summary>Answers a question with the explanation that a request would get.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or the person, the node or the version does not exist.</exception>
    public async Task<SimulatorAnswer> ExplainAsync(Actor actor, SimulatorQuestion question, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        Node node = await database.Nodes.AsNoTracking().SingleOrDefaultAsync(one => one.Id == question.Node, cancellationToken) ?? throw RefusedException.NotFound("node");
        Actor about = await AboutAsync(database, question, cancellationToken);
        (PolicyEvaluator evaluator, string by) = await PreparedAsync(database, question.Set, cancellationToken);
        DateTimeOffset at = question.At ?? time.GetUtcNow();
        AccessQuestion asked = new(about, ImpactQueries.Online(node), at, question.Reason, question.Duration);
        // An explanation of many policies takes its time: not on the page's own thread.
        Decision decision = await Task.Run(() => evaluator.Decide(asked), cancellationToken);
        return new SimulatorAnswer(about, asked.Node, !node.CanBeReached().IsAllowed, at, decision, by, [.. evaluator.Unreadable.Select(one => (one.Policy.Name, one.Why))]);
    }

    /// <summary>What members of each group get on the nodes of each value of a tag.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or the version does not exist.</exception>
    public async Task<SimulatorMatrix> MatrixAsync(Actor actor, SimulatedSet set, string tag, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        (PolicyEvaluator evaluator, string by) = await PreparedAsync(database, set, cancellationToken);
        List<KnownPerson> people = await database.People.AsNoTracking().ToListAsync(cancellationToken);
        string[] groups = [.. Groups(people, evaluator).Take(MostGroups)];
        List<Node> nodes = await database.Nodes.AsNoTracking().OrderBy(node => node.Name).ThenBy(node => node.Id).ToListAsync(cancellationToken);
        DateTimeOffset instant = at ?? time.GetUtcNow();
        TagMatrix cells = await Task.Run(() => TagMatrix.Of(evaluator, [.. groups.Select(group => Somebody([group], new PersonAttributes(), null))], [.. nodes.Select(ImpactQueries.Online)], tag, instant, cancellationToken), cancellationToken);
        return new SimulatorMatrix(tag, groups, cells, instant, by);
    }

    private async Task<JitAccessDbContext> OpenAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayReadEverything) throw new RefusedException(RefusalKind.Forbidden, "Only admins and auditors see this page.");
        return await contexts.CreateDbContextAsync(cancellationToken);
    }

    private static async Task<Actor> AboutAsync(JitAccessDbContext database, SimulatorQuestion question, CancellationToken cancellationToken)
    {
        if (question.Subject is not { } subject) return Somebody(question.Groups, question.Attributes, question.Role);
        KnownPerson person = await database.People.AsNoTracking().SingleOrDefaultAsync(one => one.Subject == subject, cancellationToken) ?? throw RefusedException.NotFound("person");
        return ImpactQueries.ActorOf(person, question.Role);
    }

    // No subject that an identity provider gives begins with a blank, so nobody who is named in a policy is meant.
    private static Actor Somebody(IEnumerable<string> groups, PersonAttributes attributes, RoleArn? role) => ImpactQueries.ActorOf(new KnownPerson
    {
        Subject = " somebody",
        DisplayName = "Somebody",
        Groups = groups.ToImmutableSortedSet(StringComparer.Ordinal),
        Attributes = attributes,
    }, role);

    private static IReadOnlyList<string> Groups(IEnumerable<KnownPerson> people, PolicyEvaluator evaluator) =>
        [.. people.SelectMany(person => person.Groups).Concat(evaluator.Groups).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private async Task<(PolicyEvaluator Evaluator, string By)> PreparedAsync(JitAccessDbContext database, SimulatedSet set, CancellationToken cancellationToken)
    {
        PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
        if (set.Draft)
        {
            PolicyDraft draft = state.Draft ?? throw new RefusedException(RefusalKind.NotFound, "There is no draft. Ask the version in force instead.");
            return (await PrepareAsync($"draft {draft.Revision}", state.Version + 1, () => draft.Policies, cancellationToken), "the draft");
        }
        int number = set.Version ?? state.Version;
        if (number == 0) return (await PrepareAsync("0", 0, () => PolicySet.Empty, cancellationToken), "no version, because nothing is published yet");
        PublishedPolicySet version = number == state.Version
            ? state.Newest!
            : await database.PolicySets.AsNoTracking().SingleOrDefaultAsync(one => one.Number == number, cancellationToken) ?? throw RefusedException.NotFound("version");
        return (await PrepareAsync($"{number}", number, () => version.Policies, cancellationToken), number == state.Version ? $"version {number}, in force" : $"version {number}");
    }

    private async Task<PolicyEvaluator> PrepareAsync(string key, int number, Func<PolicySet> read, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_prepared.Find(one => one.Key == key).Evaluator is { } known) return known;
        }
        PolicySetVersion version = new(number, read());
        PolicyEvaluator evaluator = await Task.Run(() => new PolicyEvaluator(version, engine), cancellationToken);
        lock (_lock)
        {
            _prepared.RemoveAll(one => one.Key == key);
            if (_prepared.Count >= KeptSets) _prepared.RemoveAt(0);
            _prepared.Add((key, evaluator));
        }
        return evaluator;
    }
}
