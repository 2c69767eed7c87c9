using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>Policies that were published and cannot be read any more: by an upgrade of the engine, or put into the database by hand.</summary>
internal static class BrokenPolicies
{
    /// <summary>Every enabled policy whose Cedar text does not parse, with why and what follows.</summary>
    public static IEnumerable<ReviewedProblem> In(PolicySet policies, CedarEngine engine)
    {
        foreach (Policy policy in policies.InOrderOfEvaluation.Where(policy => policy.Enabled))
        {
            (string? cedar, string follows) = policy switch
            {
                DenyAccessPolicy { Effect: DenyEffect.Refuse } deny => (deny.Cedar, "It counts as a match: every request is refused."),
                DenyAccessPolicy deny => (deny.Cedar, "It counts as a match: nothing is approved automatically."),
                AutoApprovalPolicy auto => (auto.Cedar, "It matches nobody."),
                _ => (null, ""),
            };
            if (cedar is not null && WhyUnreadable(cedar, engine) is { } why)
                yield return new ReviewedProblem(policy.Id, policy.Name, new PolicyProblem(nameof(DenyAccessPolicy.Cedar), $"Its Cedar text cannot be read: {why} {follows}"));
        }
    }

    private static string? WhyUnreadable(string cedar, CedarEngine engine)
    {
        try
        {
            ParseResult parsed = engine.Parse(cedar);
            return parsed.IsValid ? null : parsed.Errors[0].Message.TrimEnd('.') + ".";
        }
        catch (CedarEngineException exception)
        {
            return exception.Message;
        }
    }
}
