using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>The next version while it is written. There is one at most, for all admins; it decides nothing.</summary>
public sealed class PolicyDraft
{
    /// <summary>The key of the one row.</summary>
    internal const int OnlyId = 1;

    // So many are told to somebody who comes late; the audit has them all.
    private const int KeptEdits = 50;

    private StoredPolicies? _stored;

    private PolicyDraft() { }

    /// <summary>A draft that differs in nothing yet.</summary>
    public PolicyDraft(int basedOn, DateTimeOffset at) => (BasedOn, StartedAt) = (basedOn, at);

    public int Id { get; private init; } = OnlyId;

    /// <summary>The version that was in force when it was started.</summary>
    public int BasedOn { get; private set; }

    /// <summary>Another one after every change.</summary>
    public Guid Revision { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Everybody who changed it, first come first.</summary>
    public IReadOnlyList<DraftEditor> Editors { get; private set; } = [];

    /// <summary>The last changes, oldest first.</summary>
    public IReadOnlyList<DraftEdit> Edits { get; private set; } = [];

    /// <summary>The comment that its origin suggests; empty if a person must find one.</summary>
    public string SuggestedComment { get; internal set; } = "";

    /// <summary>The policies.</summary>
    /// <exception cref="RefusedException">What is stored cannot be read.</exception>
    public PolicySet Policies => Stored.Policies ?? throw new RefusedException(RefusalKind.Unavailable, $"The draft cannot be read: {Stored.Problem} Discard it to go on from the version in force.");

    /// <summary>The policies as they are stored.</summary>
    internal string Document { get; private set; } = "";

    internal StoredPolicies Stored => _stored ??= StoredPolicies.Read(Document);

    /// <summary>The names of those who changed it: <c>admin and lead</c>.</summary>
    public string EditedBy => DraftWords.Names(Editors.Select(editor => editor.Name));

    /// <summary>Whether the actor may publish it, by the rule of the version in force.</summary>
    public Ruling CanPublish(Actor actor, bool needsSecondAdmin) => needsSecondAdmin && Editors.Any(editor => editor.Subject == actor.Subject)
        ? Ruling.Refused(RefusalKind.Forbidden, $"A second admin must publish: the version in force asks for an admin who did not change the draft. It was changed by {EditedBy}.")
        : Ruling.Allowed;

    /// <summary>Puts other policies in its place.</summary>
    internal void Change(Actor actor, PolicySet policies, string what, DateTimeOffset at)
    {
        (Document, _stored) = (StoredPolicies.Write(policies), null);
        (Revision, ChangedAt) = (Guid.CreateVersion7(at), at);
        Edits = [.. Edits.TakeLast(KeptEdits - 1), new DraftEdit(Revision, at, actor.Person.DisplayName, what)];
        if (Editors.All(editor => editor.Subject != actor.Subject)) Editors = [.. Editors, new DraftEditor(actor.Subject, actor.Person.DisplayName)];
    }
}
