using JitAccess.Domain.Policies;
using JitAccess.Web.Nodes;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies;

/// <summary>Writes a manual policy; beside it stands what it matches now.</summary>
public sealed partial class ManualPolicyEditor(NodeQueries nodes)
{
    private const int Shown = 6;
    private ManualPolicyForm form = null!;
    private PolicyEffect effect = new([], null, []);
    private bool hasTried;
    private int edits;

    [Parameter, EditorRequired] public ManualPolicy Policy { get; set; } = null!;

    [Parameter, EditorRequired] public PolicyPage Page { get; set; } = null!;

    protected override void OnInitialized() => form = new ManualPolicyForm(Policy);

    private void Changed() => edits++;

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
