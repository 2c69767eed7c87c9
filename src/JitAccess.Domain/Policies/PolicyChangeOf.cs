using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>How one policy is told in a diff.</summary>
internal static class PolicyChangeOf
{
    /// <summary>A new policy, described by what it does.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="next">The policy that comes after it in its stage of evaluation; null if it is the last.</param>
    public static PolicyChange Added(Policy policy, Policy? next) =>
        new(PolicyChangeKind.Added, policy.Id, policy.Kind, policy.Name, [.. Described(policy, isPast: false), .. next is null ? Array.Empty<string>() : [$"It stands before “{next.Name}”."]])
        {
            CedarAfter = CedarOf(policy),
        };

    /// <summary>A policy that is gone, described by what it did.</summary>
    public static PolicyChange Removed(Policy policy) =>
        new(PolicyChangeKind.Removed, policy.Id, policy.Kind, policy.Name, [.. Described(policy, isPast: true)]) { CedarBefore = CedarOf(policy) };

    /// <summary>How a policy differs; null if it does not.</summary>
    /// <param name="before">What it was.</param>
    /// <param name="after">What it is, of the same kind.</param>
    /// <param name="move">The sentence on its new place; null if it stayed.</param>
    public static PolicyChange? Changed(Policy before, Policy after, string? move)
    {
        IEnumerable<string> own = (before, after) switch
        {
            (DenyAccessPolicy was, DenyAccessPolicy now) => Effect(was, now).Concat(Cedar(was.Cedar, now.Cedar)),
            (AutoApprovalPolicy was, AutoApprovalPolicy now) => Cedar(was.Cedar, now.Cedar).Concat(Hours(was.MaximumHours, now.MaximumHours)).Concat(Reason(was.ReasonRule, now.ReasonRule)).Concat(Sessions(was.SessionRules, now.SessionRules)),
            (ManualPolicy was, ManualPolicy now) =>
                Target(was.Target, now.Target).Concat(Hours(was.MaximumHours, now.MaximumHours)).Concat(Pending(was, now)).Concat(Reason(was.ReasonRule, now.ReasonRule)).Concat(Sessions(was.SessionRules, now.SessionRules)).Concat(BreakGlass(was.BreakGlass, now.BreakGlass)).Concat(LevelDiff.Between(was.Levels, now.Levels)),
            _ => throw new ArgumentOutOfRangeException(nameof(after)),
        };
        ImmutableArray<string> sentences = [.. Details(before, after), .. own];
        if (sentences.IsEmpty && move is null) return null;
        bool differs = CedarOf(before) != CedarOf(after);
        return new PolicyChange(sentences.IsEmpty ? PolicyChangeKind.Moved : PolicyChangeKind.Changed, after.Id, after.Kind, after.Name, move is null ? sentences : sentences.Add(move))
        {
            CedarBefore = differs ? CedarOf(before) : null,
            CedarAfter = differs ? CedarOf(after) : null,
        };
    }

    private static IEnumerable<string> Described(Policy policy, bool isPast)
    {
        string itIs = isPast ? "It was" : "It is";
        if (!policy.Enabled) yield return $"{itIs} turned off.";
        switch (policy)
        {
            case DenyAccessPolicy { Effect: DenyEffect.BlockAutoApproval }:
                yield return isPast ? "It kept from automatic approval what its Cedar text matched." : "It keeps from automatic approval what its Cedar text matches.";
                break;
            case DenyAccessPolicy:
                yield return isPast ? "It refused what its Cedar text matched." : "It refuses what its Cedar text matches.";
                break;
            case AutoApprovalPolicy auto:
                yield return isPast ? $"It approved at once what its Cedar text matched, for at most {auto.MaximumHours} h." : $"It approves at once what its Cedar text matches, for at most {auto.MaximumHours} h.";
                if (auto.ReasonRule is { } autoRule) yield return Asks(autoRule, isPast);
                if (auto.SessionRules is { } autoSessions) yield return Sessions(autoSessions, isPast);
                break;
            case ManualPolicy manual:
                yield return $"{itIs} for {PolicyWords.Of(manual.Target)}.";
                yield return $"Maximum access {(isPast ? "was" : "is")} {manual.MaximumHours} h.";
                yield return $"Pending requests {(isPast ? "timed" : "time")} out after {PolicyWords.Of(manual.PendingTimeout)}.";
                if (manual.ReasonRule is { } rule) yield return Asks(rule, isPast);
                if (manual.SessionRules is { } sessions) yield return Sessions(sessions, isPast);
                if (manual.BreakGlass is { } glass) yield return isPast ? $"In an emergency it let members of {string.Join(" or ", glass.Groups)} break glass for at most {glass.MaximumHours} h." : $"In an emergency, {glass}.";
                for (int index = 0; index < manual.Levels.Length; index++)
                    yield return $"Level {index + 1} {(isPast ? "asked" : "asks")} for {PolicyWords.Of(manual.Levels[index])}.";
                break;
        }
        if (policy.Description.Length > 0) yield return $"Its description {(isPast ? "was" : "is")} “{policy.Description}”.";
    }

    private static IEnumerable<string> Details(Policy before, Policy after)
    {
        if (before.Name != after.Name) yield return $"Renamed from “{before.Name}”.";
        if (before.Enabled != after.Enabled) yield return after.Enabled ? "Turned on." : "Turned off.";
        if (before.Description != after.Description)
        {
            yield return (before.Description, after.Description) switch
            {
                ("", var added) => $"Description added: “{added}”.",
                (var removed, "") => $"Description removed: “{removed}”.",
                var (was, now) => $"Description changed from “{was}” to “{now}”.",
            };
        }
    }

    private static IEnumerable<string> Effect(DenyAccessPolicy before, DenyAccessPolicy after)
    {
        if (before.Effect != after.Effect)
        {
            yield return after.Effect switch
            {
                DenyEffect.BlockAutoApproval => "A match now only keeps a request from automatic approval; before, it refused the request.",
                DenyEffect.Refuse => "A match now refuses the request; before, it only kept it from automatic approval.",
            };
        }
    }

    private static IEnumerable<string> Cedar(string before, string after)
    {
        if (before != after) yield return "The Cedar text changed.";
    }

    private static IEnumerable<string> Hours(int before, int after)
    {
        if (before != after) yield return $"Maximum access {(after > before ? "raised" : "lowered")} from {before} h to {after} h.";
    }

    private static IEnumerable<string> Pending(ManualPolicy before, ManualPolicy after)
    {
        if (before.PendingTimeout != after.PendingTimeout)
            yield return $"Pending requests now time out after {PolicyWords.Of(after.PendingTimeout)}; before: {PolicyWords.Of(before.PendingTimeout)}.";
    }

    private static IEnumerable<string> Reason(ReasonRule? before, ReasonRule? after)
    {
        if (before != after) yield return $"Now asks for {InWords(after)}; before: {InWords(before)}.";

        static string InWords(ReasonRule? rule) => rule?.ToString() ?? "no more than a reason";
    }

    private static IEnumerable<string> Sessions(SessionRules? before, SessionRules? after)
    {
        if (before != after) yield return $"Rules for sessions, now: they {after ?? SessionRules.Default}. Before: they {before ?? SessionRules.Default}.";
    }

    private static IEnumerable<string> BreakGlass(BreakGlassRule? before, BreakGlassRule? after)
    {
        if (before != after) yield return $"In an emergency, now {InWords(after)}; before, {InWords(before)}.";

        static string InWords(BreakGlassRule? rule) => rule?.ToString() ?? "nobody may break glass";
    }

    private static string Asks(ReasonRule rule, bool isPast) => $"It {(isPast ? "asked" : "asks")} for {rule}.";

    private static string Sessions(SessionRules rules, bool isPast) => $"The rules for its sessions {(isPast ? "were" : "are")}: they {rules}.";

    private static IEnumerable<string> Target(NodeTarget before, NodeTarget after)
    {
        if (before.Equals(after)) yield break;
        bool isSame = Same(before.Tags, after.Tags) && Same(before.Accounts, after.Accounts) && Same(before.Regions, after.Regions) && Same(before.Platforms, after.Platforms);
        yield return isSame
            ? $"Still for the same nodes, written in another way: {PolicyWords.Of(after)}."
            : $"Now for {PolicyWords.Of(after)}; before: {PolicyWords.Of(before)}.";

        static bool Same<T>(ImmutableArray<T> some, ImmutableArray<T> others) => some.ToHashSet().SetEquals(others);
    }

    private static string? CedarOf(Policy policy) => policy switch
    {
        DenyAccessPolicy deny => deny.Cedar,
        AutoApprovalPolicy auto => auto.Cedar,
        _ => null,
    };
}
