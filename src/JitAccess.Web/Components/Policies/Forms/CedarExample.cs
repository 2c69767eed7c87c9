using JitAccess.Cedar;

namespace JitAccess.Web.Components.Policies.Forms;

/// <summary>A statement to begin with; names and values are there to be changed.</summary>
public sealed record CedarExample(string Name, string Cedar)
{
    private const string AskedFor = "action == AWS::SSM::Action::\"getTokenForInstanceAccess\"";

    /// <summary>Examples for a kind of policy.</summary>
    /// <param name="effect">What its statements do.</param>
    /// <param name="zone">The time zone of the examples about time, by its IANA name.</param>
    public static IReadOnlyList<CedarExample> For(Effect effect, string zone) => effect switch
    {
        Effect.Permit =>
        [
            new("A group, on nodes with a tag", $$"""
                // People of the group, on nodes for development.
                permit (
                  principal in AWS::IdentityStore::Group::"engineering",
                  {{AskedFor}},
                  resource
                ) when {
                  resource.hasTag("env") && resource.getTag("env") == "dev"
                };
                """),
            new("People by an attribute", $$"""
                // Not everybody has the attribute: “has” asks first.
                permit (
                  principal,
                  {{AskedFor}},
                  resource
                ) when {
                  principal has division && principal.division == "operations"
                };
                """),
            new("During business hours", $$"""
                // Monday to Friday, 09:00 to 18:00.
                permit (
                  principal in AWS::IdentityStore::Group::"engineering",
                  {{AskedFor}},
                  resource
                ) when {
                  {{InBusinessHours(zone)}}
                };
                """),
            new("With an incident in the reason", $$"""
                permit (
                  principal in AWS::IdentityStore::Group::"on-call",
                  {{AskedFor}},
                  resource
                ) when {
                  context.request.reason like "*INC-*" && context.request.durationHours <= 2
                };
                """),
            new("Nodes of an account and Region", $$"""
                permit (
                  principal in AWS::IdentityStore::Group::"engineering",
                  {{AskedFor}},
                  resource
                ) when {
                  resource.account == "111111111111" && resource.region == "eu-west-1"
                };
                """),
        ],
        Effect.Forbid =>
        [
            new("Restricted data", $$"""
                forbid (
                  principal,
                  {{AskedFor}},
                  resource
                ) when {
                  resource.hasTag("data") && resource.getTag("data") == "restricted"
                };
                """),
            new("A group", $$"""
                forbid (
                  principal in AWS::IdentityStore::Group::"contractors",
                  {{AskedFor}},
                  resource
                );
                """),
            new("Everybody outside an organization", $$"""
                // “unless” holds those back too who have no organization.
                forbid (
                  principal,
                  {{AskedFor}},
                  resource
                ) unless {
                  principal has organization && principal.organization == "example.org"
                };
                """),
            new("Outside business hours", $$"""
                // Other times than Monday to Friday, 09:00 to 18:00.
                forbid (
                  principal,
                  {{AskedFor}},
                  resource
                ) unless {
                  {{InBusinessHours(zone)}}
                };
                """),
            new("Production without an incident", $$"""
                forbid (
                  principal,
                  {{AskedFor}},
                  resource
                ) when {
                  resource.hasTag("env") && resource.getTag("env") == "prod"
                } unless {
                  context.request.reason like "*INC-*"
                };
                """),
        ],
    };

    private static string InBusinessHours(string zone) => $"""
        context.request.clock.hasTag("{zone}") &&
          ["Mon", "Tue", "Wed", "Thu", "Fri"].contains(context.request.clock.getTag("{zone}").weekday) &&
          context.request.clock.getTag("{zone}").minute >= 540 &&
          context.request.clock.getTag("{zone}").minute < 1080
        """;
}
