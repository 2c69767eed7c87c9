using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>What a policy says of sessions, while it is written.</summary>
public sealed class SessionRulesForm
{
    /// <summary>0 for no time-out.</summary>
    public int IdleMinutes { get; set; }

    public bool NeedsObserver { get; set; }

    public bool TellsWhenWatched { get; set; } = true;

    /// <summary>0 for as long as the configuration says.</summary>
    public int RecordingDays { get; set; }

    public bool AllowsCredentials { get; set; }

    public static SessionRulesForm Of(SessionRules? rules) => rules is null ? new SessionRulesForm() : new SessionRulesForm
    {
        IdleMinutes = (int)(rules.IdleTimeout?.TotalMinutes ?? 0),
        NeedsObserver = rules.NeedsObserver,
        TellsWhenWatched = rules.TellsWhenWatched,
        RecordingDays = rules.RecordingDays ?? 0,
        AllowsCredentials = rules.AllowsCredentials,
    };

    /// <summary>The rules as entered; null if they are the defaults.</summary>
    public SessionRules? ToRules()
    {
        SessionRules rules = new()
        {
            IdleTimeout = IdleMinutes == 0 ? null : TimeSpan.FromMinutes(IdleMinutes),
            NeedsObserver = NeedsObserver,
            TellsWhenWatched = TellsWhenWatched,
            RecordingDays = RecordingDays == 0 ? null : RecordingDays,
            AllowsCredentials = AllowsCredentials,
        };
        return rules == SessionRules.Default ? null : rules;
    }
}
