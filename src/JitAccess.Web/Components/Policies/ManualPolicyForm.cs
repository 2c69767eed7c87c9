using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>A manual policy while it is written.</summary>
public sealed class ManualPolicyForm
{
    private readonly ManualPolicy policy;

    public ManualPolicyForm(ManualPolicy policy)
    {
        this.policy = policy;
        (Name, Description, Enabled, MaximumHours) = (policy.Name, policy.Description, policy.Enabled, policy.MaximumHours);
        PendingUnit = PendingUnit.All.First(unit => policy.PendingTimeout.Ticks % unit.Length.Ticks == 0);
        PendingAmount = (int)(policy.PendingTimeout / PendingUnit.Length);
        IsByTags = policy.Target.IsByTags;
        Tags = [.. policy.Target.Tags.Select(tag => new TagForm { Key = tag.Key, Value = tag.Value })];
        (Accounts, Regions, Platforms) = ([.. policy.Target.Accounts], [.. policy.Target.Regions], [.. policy.Target.Platforms]);
        ReasonRule = ReasonRuleForm.Of(policy.ReasonRule);
        SessionRules = SessionRulesForm.Of(policy.SessionRules);
        Levels = [.. policy.Levels.Select(LevelForm.Of)];
        BreakGlassGroups = [.. policy.BreakGlass?.Groups ?? []];
        BreakGlassHours = policy.BreakGlass?.MaximumHours ?? 1;
    }

    public string Name { get; set; }

    public string Description { get; set; }

    public bool Enabled { get; set; }

    public int MaximumHours { get; set; }

    public int PendingAmount { get; set; }

    public PendingUnit PendingUnit { get; set; }

    /// <summary>True for nodes with any of the tags, false for all nodes.</summary>
    public bool IsByTags { get; set; }

    public List<TagForm> Tags { get; }

    /// <summary>Only these, like Regions and platforms; empty for any.</summary>
    public List<string> Accounts { get; }

    public List<string> Regions { get; }

    public List<string> Platforms { get; }

    public ReasonRuleForm ReasonRule { get; private set; }

    public SessionRulesForm SessionRules { get; private set; }

    public List<LevelForm> Levels { get; }

    /// <summary>The groups that may break glass; empty for nobody.</summary>
    public List<string> BreakGlassGroups { get; }

    public int BreakGlassHours { get; set; }

    /// <summary>The nodes as entered. By tags, but without a tag, is none yet: a tag without a key, which the rules refuse.</summary>
    public NodeTarget Target => new()
    {
        Tags = !IsByTags ? [] : Tags.Count == 0 ? [new TagPair("", "")] : [.. Tags.Select(tag => tag.AsPair())],
        Accounts = [.. Accounts],
        Regions = [.. Regions],
        Platforms = [.. Platforms],
    };

    /// <summary>The policy as entered.</summary>
    public ManualPolicy ToPolicy() => policy with
    {
        Name = Name.Trim(),
        Description = Description.Trim(),
        Enabled = Enabled,
        MaximumHours = MaximumHours,
        PendingTimeout = PendingAmount * PendingUnit.Length,
        Target = Target,
        ReasonRule = ReasonRule.ToRule(),
        SessionRules = SessionRules.ToRules(),
        BreakGlass = BreakGlassGroups.Count == 0 ? null : new BreakGlassRule { Groups = [.. BreakGlassGroups], MaximumHours = BreakGlassHours },
        Levels = [.. Levels.Select(level => new ApprovalLevel([.. level.Approvers], level.RequiredApprovals))],
    };

    /// <summary>Moves a level by so many places: negative is earlier. At an end it stays.</summary>
    public void Move(LevelForm level, int by)
    {
        int to = Math.Clamp(Levels.IndexOf(level) + by, 0, Levels.Count - 1);
        Levels.Remove(level);
        Levels.Insert(to, level);
    }

    /// <summary>Takes the parts that a mend changed, and leaves the others as they were entered.</summary>
    public void Take(ManualPolicy other)
    {
        if (other.Target != Target)
        {
            IsByTags = other.Target.IsByTags;
            Fill(Tags, other.Target.Tags.Select(tag => new TagForm { Key = tag.Key, Value = tag.Value }));
            Fill(Accounts, other.Target.Accounts);
            Fill(Regions, other.Target.Regions);
            Fill(Platforms, other.Target.Platforms);
        }
        Fill(Levels, other.Levels.Select(LevelForm.Of));
        (MaximumHours, Enabled, ReasonRule, SessionRules) = (other.MaximumHours, other.Enabled, ReasonRuleForm.Of(other.ReasonRule), SessionRulesForm.Of(other.SessionRules));
    }

    private static void Fill<T>(List<T> list, IEnumerable<T> with)
    {
        List<T> values = [.. with];
        list.Clear();
        list.AddRange(values);
    }
}

/// <summary>A tag while it is written.</summary>
public sealed class TagForm
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    public TagPair AsPair() => new(Key.Trim(), Value.Trim());
}

/// <summary>A level while it is written.</summary>
public sealed class LevelForm
{
    public List<Approver> Approvers { get; init; } = [];

    public int RequiredApprovals { get; set; } = 1;

    public static LevelForm Of(ApprovalLevel level) => new() { Approvers = [.. level.Approvers], RequiredApprovals = level.RequiredApprovals };
}

/// <summary>A unit of the time for which a request may stay pending, the longest first.</summary>
public sealed record PendingUnit(string Name, TimeSpan Length)
{
    public static IReadOnlyList<PendingUnit> All { get; } = [new("days", TimeSpan.FromDays(1)), new("hours", TimeSpan.FromHours(1)), new("minutes", TimeSpan.FromMinutes(1))];
}
