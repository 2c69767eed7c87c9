using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>What a policy asks of reason and ticket, while it is written.</summary>
public sealed class ReasonRuleForm
{
    public int MinimumLength { get; set; }

    public string Pattern { get; set; } = "";

    public string PatternHint { get; set; } = "";

    public string TicketPattern { get; set; } = "";

    public string TicketHint { get; set; } = "";

    public static ReasonRuleForm Of(ReasonRule? rule) => rule is null ? new ReasonRuleForm() : new ReasonRuleForm
    {
        MinimumLength = rule.MinimumLength,
        Pattern = rule.Pattern ?? "",
        PatternHint = rule.PatternHint ?? "",
        TicketPattern = rule.TicketPattern ?? "",
        TicketHint = rule.TicketHint ?? "",
    };

    /// <summary>The rule as entered; null if nothing is asked for.</summary>
    public ReasonRule? ToRule()
    {
        ReasonRule rule = new()
        {
            MinimumLength = MinimumLength,
            Pattern = TextOf(Pattern),
            PatternHint = TextOf(PatternHint),
            TicketPattern = TextOf(TicketPattern),
            TicketHint = TextOf(TicketHint),
        };
        return rule == new ReasonRule() ? null : rule;
    }

    private static string? TextOf(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
