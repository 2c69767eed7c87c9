using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies.Forms;
using JitAccess.Web.Identity;
using JitAccess.Web.Nodes;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies;

/// <summary>Writes a manual policy; beside it stands what it matches now.</summary>
public sealed partial class ManualPolicyEditor(NodeQueries nodes, PeopleQueries people)
{
    private const int Shown = 6;
    private ManualPolicyForm form = null!;
    private PolicyEffect effect = new([], null, []);
    private CedarWords words = CedarWords.None;
    private (string Label, ManualPolicy Before)? mended;
    private string announcement = "";
    private bool hasTried;
    private int edits;

    [Parameter, EditorRequired] public ManualPolicy Policy { get; set; } = null!;

    [Parameter, EditorRequired] public PolicyPage Page { get; set; } = null!;

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    protected override void OnInitialized() => form = new ManualPolicyForm(Policy);

    private void Changed() => (edits, mended) = (edits + 1, null);

    private void ChooseUnit(ChangeEventArgs change) => form.PendingUnit = PendingUnit.All.First(unit => unit.Name == (string?)change.Value);

    private void AddLevel()
    {
        form.Levels.Add(new LevelForm());
        Changed();
    }

    private void RemoveLevel(LevelForm level)
    {
        form.Levels.Remove(level);
        Changed();
    }

    private void MoveLevel(LevelForm level, int by)
    {
        int before = form.Levels.IndexOf(level) + 1;
        form.Move(level, by);
        announcement = $"Level {before} is now level {form.Levels.IndexOf(level) + 1}.";
        Changed();
    }

    private void Mend(PolicyMend mend)
    {
        ManualPolicy before = form.ToPolicy();
        form.Take((ManualPolicy)mend.Mended);
        Changed();
        mended = (mend.Label, before);
    }

    private void UndoMend()
    {
        if (mended is not { Before: var before }) return;
        form.Take(before);
        Changed();
    }

    private async Task<CedarWords> WordsAsync(CancellationToken cancellationToken)
    {
        NodeFacets facets = await nodes.FacetsAsync(cancellationToken);
        return CedarWords.None with { Groups = await people.GroupsAsync(Actor, cancellationToken), Tags = await nodes.TagsAsync(cancellationToken), Accounts = facets.Accounts, Regions = facets.Regions, Platforms = facets.Platforms };
    }

    private async Task<PolicyEffect> WeighAsync(CancellationToken cancellationToken)
    {
        ManualPolicy written = form.ToPolicy();
        List<int> perTag = [];
        foreach (TagPair tag in written.Target.Tags)
            perTag.Add((await nodes.MatchingAsync(written.Target with { Tags = [tag] }, 0, cancellationToken)).Total);
        // An auditor reads the policy; only an admin's writing is checked.
        IReadOnlyList<PolicyProblem> problems = Page.Obstacle is null ? await Page.CheckAsync(written, cancellationToken) : [];
        return new PolicyEffect(problems, await nodes.MatchingAsync(written.Target, Shown, cancellationToken), perTag);
    }

    private Task SaveAsync()
    {
        hasTried = true;
        Changed();
        return Page.SaveAsync(form.ToPolicy());
    }
}
