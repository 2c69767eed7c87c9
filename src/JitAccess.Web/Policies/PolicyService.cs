using System.Text.RegularExpressions;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using JitAccess.Web.Policies.Documents;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>
/// Changes of the policy set. Edits go to the one draft; publishing makes it the next version. Nothing published is ever changed.
/// Every change names the state that its author saw: who comes second is told who changed what, and nothing is overwritten.
/// </summary>
public sealed partial class PolicyService(IDbContextFactory<JitAccessDbContext> contexts, CedarEngine engine, TimeProvider time)
{
    /// <summary>The longest comment of a version, in characters.</summary>
    public const int MaximumCommentLength = 500;

    /// <summary>Whether the actor may change policies.</summary>
    public static Ruling CanWrite(Actor actor) => actor.IsAdmin
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Forbidden, "Only admins change policies.");

    /// <summary>What is wrong with a policy before it is saved, for the form that shows it while it is written.</summary>
    /// <exception cref="RefusedException">The actor is no admin.</exception>
    public Task<IReadOnlyList<PolicyProblem>> CheckAsync(Actor actor, Policy policy, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        // The engine computes for as long as milliseconds on a large text: not on the page's own thread.
        return Task.Run<IReadOnlyList<PolicyProblem>>(() => PolicyRules.ProblemsOf(policy, engine), cancellationToken);
    }

    /// <summary>Writes the policy, new or changed, into the draft. <paramref name="seen"/> is the state that the admin saw.</summary>
    /// <returns>The state afterwards.</returns>
    /// <exception cref="RefusedException">The actor is no admin, the policy has problems, or somebody changed something meanwhile.</exception>
    public async Task<PolicyRevision> SaveAsync(Actor actor, PolicyRevision seen, Policy policy, CancellationToken cancellationToken)
    {
        IReadOnlyList<PolicyProblem> problems = [.. (await CheckAsync(actor, policy, cancellationToken)).Where(problem => !problem.IsWarning)];
        if (problems.Count > 0) throw new RefusedException(RefusalKind.Invalid, string.Join(" ", problems.Select(problem => problem.Message)));
        return await EditAsync(actor, seen, policies => PolicyEdit.Save(policies, policy), cancellationToken);
    }

    /// <summary>Takes a policy out of the draft.</summary>
    /// <inheritdoc cref="SaveAsync" />
    public Task<PolicyRevision> DeleteAsync(Actor actor, PolicyRevision seen, Guid policyId, CancellationToken cancellationToken) =>
        EditAsync(actor, seen, policies => PolicyEdit.Delete(policies, policyId), cancellationToken);

    /// <summary>Moves a policy in the draft among those it is listed with, by so many places: negative is earlier.</summary>
    /// <inheritdoc cref="SaveAsync" />
    public Task<PolicyRevision> MoveAsync(Actor actor, PolicyRevision seen, Guid policyId, int by, CancellationToken cancellationToken) =>
        EditAsync(actor, seen, policies => PolicyEdit.Move(policies, policyId, by), cancellationToken);

    /// <summary>Writes into the draft whether a publish needs a second admin. The rule of the version in force governs until the draft is published.</summary>
    /// <inheritdoc cref="SaveAsync" />
    public Task<PolicyRevision> SetSecondAdminAsync(Actor actor, PolicyRevision seen, bool needed, CancellationToken cancellationToken) =>
        EditAsync(actor, seen, policies => PolicyEdit.SecondAdmin(policies, needed), cancellationToken);

    /// <summary>Makes the draft the next version, which is in force at once.</summary>
    /// <returns>The number of the new version.</returns>
    /// <exception cref="RefusedException">The actor is no admin, or changed the draft while the version in force asks for a second admin; the comment is missing; a policy has problems; or somebody changed or published something meanwhile.</exception>
    public async Task<int> PublishAsync(Actor actor, PolicyRevision seen, string comment, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        string why = Comment(comment);
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ChangePoliciesAsync(async () =>
        {
            PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
            await state.ThrowIfMovedAsync(seen, database, cancellationToken);
            return await PublishAsync(database, actor, state, why, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Throws the draft away. The audit keeps what it held.</summary>
    /// <exception cref="RefusedException">The actor is no admin, or somebody changed something meanwhile.</exception>
    public async Task DiscardAsync(Actor actor, PolicyRevision seen, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.ChangePoliciesAsync(async () =>
        {
            PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
            await state.ThrowIfMovedAsync(seen, database, cancellationToken);
            PolicyDraft draft = state.Draft ?? throw NoDraft();
            database.PolicyDrafts.Remove(draft);
            database.Record(new AuditEntry(actor, AuditAction.PolicyDraftDiscarded, "policy draft", $"Discarded the draft based on version {draft.BasedOn}, changed by {draft.EditedBy}.", time.GetUtcNow())
            {
                PolicySetVersion = state.Version,
                Before = draft.Document,
            });
            await database.SaveChangesAsync(cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>Makes a draft with the policies of an older version, to be looked at and published anew.</summary>
    /// <exception cref="RefusedException">The actor is no admin, there is a draft, or the version does not exist, cannot be read, or is the one in force.</exception>
    public async Task<PolicyRevision> RollBackAsync(Actor actor, int version, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ChangePoliciesAsync(async () =>
        {
            PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
            if (state.Draft is { } draft)
                throw new RefusedException(RefusalKind.Conflict, $"There is a draft with changes by {draft.EditedBy}. Publish or discard it first, then roll back.");
            PublishedPolicySet old = await database.PolicySets.AsNoTracking().SingleOrDefaultAsync(policySet => policySet.Number == version, cancellationToken) ?? throw RefusedException.NotFound("version");
            if (version == state.Version) throw new RefusedException(RefusalKind.Conflict, $"Version {version} is in force.");
            string what = $"Rolled back to version {version}.";
            PolicyRevision revision = await EditAsync(database, actor, state, PolicyEdit.Replace(state.InForce, old.Policies, what), suggestedComment: what, cancellationToken);
            return revision == state.Revision ? throw new RefusedException(RefusalKind.Conflict, $"Version {version} says the same as version {state.Version}, which is in force.") : revision;
        }, cancellationToken);
    }

    /// <summary>Writes an import into the draft: a whole document takes the place of what is there, single policies are added. With a comment it is published in the same step.</summary>
    /// <returns>The state afterwards.</returns>
    /// <exception cref="RefusedException">The actor is no admin, the document has problems, somebody changed something meanwhile; or it is to be published and cannot be (see <see cref="PublishAsync(Actor, PolicyRevision, string, CancellationToken)"/>). Nothing is imported then.</exception>
    public async Task<PolicyRevision> ImportAsync(Actor actor, PolicyRevision seen, PolicyImport import, string? publishComment, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        string? why = publishComment is null ? null : Comment(publishComment);
        if (!import.IsUsable) throw new RefusedException(RefusalKind.Invalid, $"Nothing was imported. {string.Join(" ", import.Problems.Where(problem => !problem.IsWarning).Select(problem => $"Line {problem.Line}: {problem.Message}"))}");
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ChangePoliciesAsync(async () =>
        {
            PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
            await state.ThrowIfMovedAsync(seen, database, cancellationToken);
            // A whole document needs nothing of what is there, which is how policies that cannot be read are mended.
            PolicySet after = import.Whole ?? import.ApplyTo(state.Policies);
            PolicyEdit edit = new(after, import.Sentence, (state.Draft?.Stored ?? state.Newest?.Stored)?.Policies is { } before ? StoredPolicies.Write(before) : null, StoredPolicies.Write(after));
            PolicyRevision imported = await EditAsync(database, actor, state, edit, import.FileName.Length > 0 ? import.Sentence : null, cancellationToken);
            if (why is null || imported.Draft is null) return imported;
            return new PolicyRevision(await PublishAsync(database, actor, await PolicyState.ReadAsync(database, cancellationToken), why, cancellationToken), null);
        }, cancellationToken);
    }

    private static string Comment(string comment)
    {
        string why = comment.Trim();
        return why.Length is >= 1 and <= MaximumCommentLength
            ? why
            : throw new RefusedException(RefusalKind.Invalid, $"Say in 1 to {MaximumCommentLength} characters what this version changes, and why.");
    }

    private async Task<PolicyRevision> EditAsync(Actor actor, PolicyRevision seen, Func<PolicySet, PolicyEdit> edit, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ChangePoliciesAsync(async () =>
        {
            PolicyState state = await PolicyState.ReadAsync(database, cancellationToken);
            await state.ThrowIfMovedAsync(seen, database, cancellationToken);
            return await EditAsync(database, actor, state, edit(state.Policies), suggestedComment: null, cancellationToken);
        }, cancellationToken);
    }

    private async Task<PolicyRevision> EditAsync(JitAccessDbContext database, Actor actor, PolicyState state, PolicyEdit edit, string? suggestedComment, CancellationToken cancellationToken)
    {
        if (PolicyRules.NameConflicts(edit.After).FirstOrDefault() is { } conflict) throw new RefusedException(RefusalKind.Invalid, conflict.Message);
        string after = StoredPolicies.Write(edit.After);
        if (NulCharacter().IsMatch(after)) throw new RefusedException(RefusalKind.Invalid, "The text has a NUL character. Remove it.");
        string? inForce = state.Newest is { } newest ? Canonical(newest.Stored) : StoredPolicies.Write(PolicySet.Empty);
        // A change that changes nothing makes nobody an editor.
        if (after == (state.Draft is { } current ? Canonical(current.Stored) : inForce)) return state.Revision;

        DateTimeOffset now = time.GetUtcNow();
        PolicyDraft? draft = state.Draft;
        if (after == inForce)
        {
            // Changed back to what is in force: there is nothing to publish any more.
            if (draft is not null) database.PolicyDrafts.Remove(draft);
            draft = null;
        }
        else
        {
            if (draft is null) database.PolicyDrafts.Add(draft = new PolicyDraft(state.Version, now));
            draft.Change(actor, edit.After, edit.What, now);
            if (suggestedComment is not null) draft.SuggestedComment = suggestedComment;
        }
        database.Record(new AuditEntry(actor, AuditAction.PolicyDraftChanged, "policy draft", edit.What, now)
        {
            PolicySetVersion = state.Version,
            Before = edit.BeforeState,
            After = edit.AfterState,
        });
        await database.SaveChangesAsync(cancellationToken);
        return new PolicyRevision(state.Version, draft?.Revision);
    }

    private async Task<int> PublishAsync(JitAccessDbContext database, Actor actor, PolicyState state, string comment, CancellationToken cancellationToken)
    {
        PolicyDraft draft = state.Draft ?? throw NoDraft();
        if (draft.BasedOn != state.Version)
        {
            throw new RefusedException(RefusalKind.Conflict, $"The draft is based on version {draft.BasedOn}, but {state.Newest?.PublishedByName} published version {state.Version} since: {state.Newest?.Comment} "
                + "Nothing was overwritten. Export the draft, discard it, and import it again on top of that version.");
        }
        draft.CanPublish(actor, state.NeedsSecondAdmin).ThrowIfRefused();
        PolicySet policies = draft.Policies;
        if (await Task.Run(() => Obstacles(policies), cancellationToken) is { Count: > 0 } obstacles)
            throw new RefusedException(RefusalKind.Invalid, string.Join(" ", obstacles));

        DateTimeOffset now = time.GetUtcNow();
        PublishedPolicySet published = new()
        {
            Number = state.Version + 1,
            Policies = policies,
            PublishedAt = now,
            PublishedBy = actor.Subject,
            PublishedByName = actor.Person.DisplayName,
            Comment = comment,
        };
        database.PolicySets.Add(published);
        database.PolicyDrafts.Remove(draft);
        database.Record(new AuditEntry(actor, AuditAction.PolicySetPublished, $"policy set version {published.Number}", $"{comment} Changed by {draft.EditedBy}.", now)
        {
            PolicySetVersion = published.Number,
            Before = state.Newest?.Document,
            After = published.Document,
        });
        await database.SaveChangesAsync(cancellationToken);
        return published.Number;
    }

    /// <summary>Why the policies cannot be published, each naming the policy and the field.</summary>
    private List<string> Obstacles(PolicySet policies) =>
    [
        .. policies.InOrderOfEvaluation.SelectMany(policy => PolicyRules.ProblemsOf(policy, engine).Where(problem => !problem.IsWarning).Select(problem => $"“{policy.Name}”, {problem.InWords()}")),
        .. PolicyRules.NameConflicts(policies).Select(problem => problem.Message),
    ];

    /// <summary>The document as it would be written today; null if it cannot be read.</summary>
    private static string? Canonical(StoredPolicies stored) => stored.Policies is { } policies ? StoredPolicies.Write(policies) : null;

    // As JSON writes it; a backslash that a person wrote is doubled. Postgres keeps no text with a NUL.
    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\\u0000")]
    private static partial Regex NulCharacter();

    private static RefusedException NoDraft() => new(RefusalKind.Conflict, "There is no draft. Change a policy first.");
}
