using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies;
using JitAccess.Web.Components.Policies.Forms;

namespace JitAccess.Web.Tests.Components;

public sealed class ManualFormTests
{
    private static readonly ManualPolicy Policy = new()
    {
        Id = Guid.NewGuid(),
        Name = "Production",
        MaximumHours = 4,
        Target = new NodeTarget { Tags = [new TagPair("env", "prod")] },
        Levels = [Level("a"), Level("b"), Level("c")],
    };

    [Theory]
    [InlineData(0, 1, "bac")]
    [InlineData(2, -1, "acb")]
    [InlineData(0, -1, "abc")]
    [InlineData(2, 1, "abc")]
    public void Level_Moved_StandsAmongTheOthers(int index, int by, string order)
    {
        ManualPolicyForm form = new(Policy);

        form.Move(form.Levels[index], by);

        Assert.Equal(order, string.Concat(form.ToPolicy().Levels.Select(level => level.Approvers[0].Id)));
    }

    [Fact]
    public void Mend_Taken_KeepsWhatElseWasEntered()
    {
        ManualPolicyForm form = new(Policy) { Name = "Mine", PendingAmount = 3 };
        ManualPolicy before = form.ToPolicy();

        form.Take(before with { Levels = [Level("b")], Target = NodeTarget.AllNodes });

        Assert.Equal("Mine", form.Name);
        Assert.False(form.ToPolicy().Target.IsByTags);
        Assert.Equal("b", Assert.Single(form.ToPolicy().Levels).Approvers[0].Id);
        form.Take(before);
        Assert.Equal(before.Target, form.ToPolicy().Target);
        Assert.Equal(before.Levels.AsEnumerable(), form.ToPolicy().Levels);
    }

    [Theory]
    [InlineData("Env", "PROD", "env=prod")]
    [InlineData("env", "production", null)]
    [InlineData("env", "prod", null)]
    public void Tag_ThatNoNodeHas_IsTakenForTheOneThatDiffersInCaseOnly(string key, string value, string? meant)
    {
        CedarWords known = CedarWords.None with { Tags = new Dictionary<string, IReadOnlyList<string>> { ["env"] = ["dev", "prod"] } };

        Assert.Equal(meant, known.Meant(new TagPair(key, value))?.ToString());
    }

    [Fact]
    public void BreakGlass_GroupNamedThenRemoved_IsARuleThenNone()
    {
        ManualPolicyForm form = new(Policy);
        Assert.Null(form.ToPolicy().BreakGlass);

        form.BreakGlassGroups.Add("on-call");
        form.BreakGlassHours = 2;
        ManualPolicy ruled = form.ToPolicy();

        Assert.Equal(new BreakGlassRule { Groups = ["on-call"], MaximumHours = 2 }, ruled.BreakGlass);
        Assert.Equal(ruled.BreakGlass, new ManualPolicyForm(ruled).ToPolicy().BreakGlass);
        form.BreakGlassGroups.Clear();
        Assert.Null(form.ToPolicy().BreakGlass);
    }

    private static ApprovalLevel Level(string person) => new([new Approver(ApproverKind.Person, person)], 1);
}
