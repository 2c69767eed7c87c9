namespace JitAccess.Domain.Policies;

/// <summary>What is wrong with rules for sessions, and what should be looked at.</summary>
internal static class SessionRulesProblems
{
    private const string Field = nameof(ManualPolicy.SessionRules);

    public static IEnumerable<PolicyProblem> In(SessionRules? rules)
    {
        if (rules is null) yield break;
        if (rules.IdleTimeout is { } idle && (idle < SessionRules.ShortestIdleTimeout || idle > SessionRules.LongestIdleTimeout || idle.Ticks % TimeSpan.TicksPerMinute != 0))
            yield return new(Field, $"The idle time-out is 1 to {SessionRules.LongestIdleTimeout.TotalMinutes:0} whole minutes; this is {PolicyWords.Of(idle)}.");
        if (rules.RecordingDays is < 1 or > SessionRules.MaximumRecordingDays)
            yield return new(Field, $"Recordings are kept for 1 to {SessionRules.MaximumRecordingDays} days; this is {PolicyWords.Count(rules.RecordingDays.Value, "day")}.");
        if (rules is { NeedsObserver: true, AllowsCredentials: true })
            yield return new(Field, "With temporary credentials nobody need be present: what is done with them is not seen here. Allow no credentials, or ask for no second person.", IsWarning: true);
        if (rules is { NeedsObserver: true, TellsWhenWatched: false })
            yield return new(Field, "A second person must be present, so whoever is in the session knows that they are watched, whether it is shown or not.", IsWarning: true);
    }
}
