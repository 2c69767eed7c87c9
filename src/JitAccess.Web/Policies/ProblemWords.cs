using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>Problems of policies where no form stands beside them to show the field.</summary>
public static class ProblemWords
{
    /// <summary><c>access duration: The access duration is 1 to 336 hours.</c></summary>
    public static string InWords(this PolicyProblem problem)
    {
        string place = problem.Line is { } line ? $", line {line}, column {problem.Column}" : "";
        return FieldName(problem.Field) is { } field ? $"{field}{place}: {problem.Message}" : problem.Message;
    }

    private static string? FieldName(string field) => field switch
    {
        "" => null,
        nameof(ManualPolicy.MaximumHours) => "access duration",
        nameof(ManualPolicy.PendingTimeout) => "pending time",
        nameof(ManualPolicy.ReasonRule) => "reason rule",
        nameof(ManualPolicy.SessionRules) => "sessions",
        nameof(ManualPolicy.BreakGlass) => "break-glass",
        nameof(ManualPolicy.Target) => "node targets",
        nameof(ManualPolicy.Levels) => "approvers",
        nameof(DenyAccessPolicy.Cedar) => "Cedar",
        _ => field.ToLowerInvariant(),
    };
}
