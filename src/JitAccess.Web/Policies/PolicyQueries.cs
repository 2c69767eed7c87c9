using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies.Documents;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>Reads the policy set: in force, in the draft, and all versions. For admins and auditors.</summary>
public sealed class PolicyQueries(IDbContextFactory<JitAccessDbContext> contexts, CedarEngine engine)
{
    /// <summary>How many versions a page of the list has.</summary>
    public const int VersionsPerPage = 50;

    /// <summary>The policies in order of evaluation, of the draft if there is one, with what they match among the nodes of now.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor.</exception>
    public async Task<CurrentPolicies> CurrentAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
        List<Node> nodes = await database.Nodes.AsNoTracking().ToListAsync(cancellationToken);
        (PolicySet policies, string? unreadable) = Shown(state);
        DraftSummary? draft = state.Draft is null ? null : Summary(state.Draft, state.InForce);
        // A policy whose kind was changed was removed and added under one id.
        ILookup<Guid?, PolicyChangeKind> inDraft = (draft?.Changes ?? []).Where(change => change.Kind != PolicyChangeKind.Removed).ToLookup(change => change.PolicyId, change => change.Kind);
        Dictionary<InstanceId, ManualPolicy> decides = Deciding(policies, nodes);
        ApproverDirectory directory = await DirectoryAsync(database, cancellationToken);
        // What concerns targets is said with its numbers by the row itself.
        ILookup<Guid, string> notes = await Task.Run(() => BrokenPolicies.In(policies, engine).Select(one => (one.PolicyId, one.Problem))
            .Concat(PolicySetWarnings.Of(policies, nodes, directory, engine).Where(one => one.Problem.Field != nameof(ManualPolicy.Target)))
            .ToLookup(one => one.PolicyId, one => one.Problem.Message), cancellationToken);
        return new CurrentPolicies(state.Revision, Summary(state.Newest), draft, policies, unreadable)
        {
            Rows = [.. policies.InOrderOfEvaluation.Select(policy => (policy is ManualPolicy manual ? Row(manual, nodes, decides, notes[policy.Id]) : new PolicyRow(policy, null, null, [.. notes[policy.Id]]))
                with { InDraft = inDraft[policy.Id].Select(change => (PolicyChangeKind?)change).FirstOrDefault() })],
            UncoveredNodes = nodes.Count - decides.Count,
            Nodes = nodes.Count,
        };
    }

    /// <summary>The draft with what publishing it changes and what stands in its way.</summary>
    /// <inheritdoc cref="CurrentAsync" />
    public async Task<DraftReview> ReviewAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
        (PolicySet after, string? unreadable) = Shown(state);
        List<Node> nodes = await database.Nodes.AsNoTracking().ToListAsync(cancellationToken);
        ApproverDirectory directory = await DirectoryAsync(database, cancellationToken);
        Ruling canWrite = PolicyService.CanWrite(actor);
        return new DraftReview(state.Revision, Summary(state.Newest), state.InForce, state.Draft is null ? null : Summary(state.Draft, state.InForce), after)
        {
            CanPublish = canWrite.IsAllowed ? state.Draft?.CanPublish(actor, state.NeedsSecondAdmin) ?? Ruling.Allowed : canWrite,
            NeedsSecondAdmin = state.NeedsSecondAdmin,
            SuggestedComment = state.Draft?.SuggestedComment ?? "",
            Problems = await Task.Run(() => Problems(after, nodes, directory), cancellationToken),
            Unreadable = unreadable,
        };
    }

    /// <summary>The versions, newest first, beginning below a number.</summary>
    /// <inheritdoc cref="CurrentAsync" />
    public async Task<IReadOnlyList<VersionSummary>> VersionsAsync(Actor actor, int? below, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        return await database.PolicySets.AsNoTracking().Where(policySet => below == null || policySet.Number < below).OrderByDescending(policySet => policySet.Number).Take(VersionsPerPage)
            .Select(policySet => new VersionSummary(policySet.Number, policySet.PublishedAt, policySet.PublishedByName, policySet.Comment)).ToListAsync(cancellationToken);
    }

    /// <summary>One version.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or there is no such version.</exception>
    public async Task<VersionDetails> VersionAsync(Actor actor, int number, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        PublishedPolicySet version = await FindAsync(database, number, cancellationToken);
        int newest = await database.PolicySets.MaxAsync(policySet => policySet.Number, cancellationToken);
        PolicyDraft? draft = await database.PolicyDrafts.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return new VersionDetails(Summary(version), version.Stored.Policies, version.Stored.Problem, newest, draft?.EditedBy);
    }

    /// <summary>What changed from one version to another.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or a version does not exist or cannot be read.</exception>
    public async Task<VersionComparison> CompareAsync(Actor actor, int before, int after, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        (PublishedPolicySet one, PublishedPolicySet other) = (await FindAsync(database, before, cancellationToken), await FindAsync(database, after, cancellationToken));
        return new VersionComparison(Summary(one), Summary(other), PolicySetDiff.Between(one.Policies, other.Policies));
    }

    /// <summary>The policies of one version, to be written out.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="version">The version; null for the one in force, which is empty before anything was published.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or the version does not exist or cannot be read.</exception>
    public async Task<PolicySet> PublishedAsync(Actor actor, int? version, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        return version is { } number
            ? (await FindAsync(database, number, cancellationToken)).Policies
            : (await PolicyState.ReadAsync(database, cancellationToken)).Newest?.Policies ?? PolicySet.Empty;
    }

    /// <summary>The policies of the draft, to be written out.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor, or there is no draft, or it cannot be read.</exception>
    public async Task<PolicySet> DraftAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        return (await PolicyState.ReadAsync(database, cancellationToken)).Draft?.Policies ?? throw RefusedException.NotFound("draft");
    }

    /// <summary>What importing a document would change. Stores nothing.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor.</exception>
    public async Task<ImportPreview> PreviewAsync(Actor actor, string fileName, ReadOnlyMemory<byte> content, string? name, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await OpenAsync(actor, cancellationToken);
        PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
        PolicySet before = state.Draft?.Stored.Policies ?? state.InForce;
        PolicyImport import = await Task.Run(() => PolicyImports.Read(fileName, content.Span, name, before, engine), cancellationToken);
        return new ImportPreview(state.Revision, import, import.IsUsable ? PolicySetDiff.Between(before, import.ApplyTo(before)) : [], state.Draft?.EditedBy);
    }

    private async Task<JitAccessDbContext> OpenAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayReadEverything) throw new RefusedException(RefusalKind.Forbidden, "Only admins and auditors see this page.");
        return await contexts.CreateDbContextAsync(cancellationToken);
    }

    private static async Task<PublishedPolicySet> FindAsync(JitAccessDbContext database, int number, CancellationToken cancellationToken) =>
        await database.PolicySets.AsNoTracking().SingleOrDefaultAsync(policySet => policySet.Number == number, cancellationToken) ?? throw RefusedException.NotFound("version");

    private static VersionSummary Summary(PublishedPolicySet? version) => version is null
        ? new VersionSummary(0, null, "", "")
        : new VersionSummary(version.Number, version.PublishedAt, version.PublishedByName, version.Comment);

    private static DraftSummary Summary(PolicyDraft draft, PolicySet inForce) =>
        new(draft.BasedOn, draft.StartedAt, draft.EditedBy, draft.Edits, draft.Stored.Policies is { } policies ? PolicySetDiff.Between(inForce, policies) : []);

    // A page that shows policies never fails because of what is stored: it says so.
    private static (PolicySet, string?) Shown(PolicyState state) => state switch
    {
        { Draft.Stored.Problem: { } problem } => (PolicySet.Empty, $"The draft cannot be read: {problem} Discard it to go on from version {state.Version}."),
        { Draft: { } draft, Newest.Stored.Problem: { } problem } => (draft.Policies, $"{InForceUnreadable(state, problem)} Publish the draft to mend that."),
        { Draft: { } draft } => (draft.Policies, null),
        { Newest.Stored.Problem: { } problem } => (PolicySet.Empty, $"{InForceUnreadable(state, problem)} Roll back to another version, or import the policies."),
        _ => (state.InForce, null),
    };

    private static string InForceUnreadable(PolicyState state, string problem) => $"Version {state.Version}, which is in force, cannot be read: {problem} Every request is refused until another version is published.";

    private List<ReviewedProblem> Problems(PolicySet policies, List<Node> nodes, ApproverDirectory directory)
    {
        ILookup<Guid, PolicyProblem> ofTheSet = PolicySetWarnings.Of(policies, nodes, directory, engine).ToLookup(one => one.PolicyId, one => one.Problem);
        return [.. policies.InOrderOfEvaluation.SelectMany(policy => PolicyRules.ProblemsOf(policy, engine).Concat(ofTheSet[policy.Id]).Select(problem => new ReviewedProblem(policy.Id, policy.Name, problem)))];
    }

    // Those who have signed in: somebody who has not may be an approver all the same.
    private static async Task<ApproverDirectory> DirectoryAsync(JitAccessDbContext database, CancellationToken cancellationToken)
    {
        List<KnownPerson> people = await database.People.AsNoTracking().ToListAsync(cancellationToken);
        return new ApproverDirectory([.. people.Select(person => new ApproverDirectory.KnownPerson(person.Subject, person.DisplayName, person.Groups,
            [.. person.Roles.Select(arn => RoleArn.TryParse(arn, out RoleArn? role) ? role : null).OfType<RoleArn>()]))], IsComplete: false);
    }

    private static Dictionary<InstanceId, ManualPolicy> Deciding(PolicySet policies, List<Node> nodes)
    {
        ManualPolicy[] manual = [.. policies.InOrderOfEvaluation.OfType<ManualPolicy>()];
        Dictionary<InstanceId, ManualPolicy> decides = [];
        foreach (Node node in nodes)
        {
            if (manual.FirstOrDefault(policy => policy.Enabled && policy.Target.Matches(node)) is { } first) decides[node.Id] = first;
        }
        return decides;
    }

    private static PolicyRow Row(ManualPolicy policy, List<Node> nodes, Dictionary<InstanceId, ManualPolicy> decides, IEnumerable<string> further)
    {
        List<Node> matching = [.. nodes.Where(policy.Target.Matches)];
        int deciding = matching.Count(node => decides.GetValueOrDefault(node.Id)?.Id == policy.Id);
        List<string> notes = [];
        if (!policy.Enabled)
        {
            notes.Add("Not enabled: it decides nothing.");
        }
        else if (matching.Count == 0)
        {
            notes.Add(policy.Target.IsByTags
                ? $"Dead: no node has {string.Join(" or ", policy.Target.Tags)}. Tag keys and values are case-sensitive."
                : "Dead: no node is within its filters.");
        }
        else if (policy.Target.IsByTags)
        {
            // All nodes losing to tags is the rule and no news; tags losing to other tags is an overlap.
            foreach (IGrouping<string, Node> other in matching.Where(node => decides.GetValueOrDefault(node.Id) is { } winner && winner.Id != policy.Id).GroupBy(node => decides[node.Id].Name))
                notes.Add($"Overlap: {other.Count()} of its {matching.Count} nodes are decided by “{other.Key}”, which stands before it.");
        }
        return new PolicyRow(policy, matching.Count, deciding, [.. notes, .. further]);
    }
}
