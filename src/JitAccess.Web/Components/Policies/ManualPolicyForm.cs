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
        (Accounts, Regions, Platforms) = (Joined(policy.Target.Accounts), Joined(policy.Target.Regions), Joined(policy.Target.Platforms));
        Levels = [.. policy.Levels.Select(level => new LevelForm { Approvers = [.. level.Approvers], RequiredApprovals = level.RequiredApprovals })];
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

    /// <summary>Separated by commas, like Regions and platforms; empty for any.</summary>
    public string Accounts { get; set; }

    public string Regions { get; set; }

    public string Platforms { get; set; }

    public List<LevelForm> Levels { get; }

    /// <summary>The nodes as entered. By tags, but without a tag, is none yet: a tag without a key, which the rules refuse.</summary>
    public NodeTarget Target => new()
    {
        Tags = !IsByTags ? [] : Tags.Count == 0 ? [new TagPair("", "")] : [.. Tags.Select(tag => tag.AsPair())],
        Accounts = [.. Parted(Accounts)],
        Regions = [.. Parted(Regions)],
        Platforms = [.. Parted(Platforms)],
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
        Levels = [.. Levels.Select(level => new ApprovalLevel([.. level.Approvers], level.RequiredApprovals))],
    };

    private static string Joined(IEnumerable<string> values) => string.Join(", ", values);

    private static string[] Parted(string values) => values.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
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
}

/// <summary>A unit of the time for which a request may stay pending, the longest first.</summary>
public sealed record PendingUnit(string Name, TimeSpan Length)
{
    public static IReadOnlyList<PendingUnit> All { get; } = [new("days", TimeSpan.FromDays(1)), new("hours", TimeSpan.FromHours(1)), new("minutes", TimeSpan.FromMinutes(1))];
}
