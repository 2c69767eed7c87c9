using System.Collections.Immutable;
using System.Security.Claims;
using JitAccess.Domain.People;
using JitAccess.Web.Tokens;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Identity;

/// <summary>Turns claims into an actor: the only place that reads them.</summary>
public sealed class ActorClaims(IOptions<IdentityOptions> options)
{
    /// <summary>The role that a person with several has chosen to act under; our own claim in the cookie.</summary>
    internal const string ChosenRole = "jitaccess:role";

    /// <summary>The scheme of those who come with a token.</summary>
    internal const string Bearer = "Bearer";

    private const string Scope = "jitaccess:scope";

    private const string Family = "jitaccess:token-family";

    private readonly IdentityOptions _options = options.Value;
    private readonly ImmutableArray<RoleArn> _suggested = [.. options.Value.SuggestedRoles.Select(RoleArn.Parse)];

    /// <summary>Who acts. Somebody without a subject is nobody.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public Actor ActorFrom(ClaimsPrincipal principal, string? address = null)
    {
        string subject = principal.FindFirst("sub")?.Value ?? throw new InvalidOperationException("Nobody is signed in.");
        ImmutableSortedSet<string> groups = principal.FindAll(_options.GroupsClaim).Select(claim => claim.Value).ToImmutableSortedSet(StringComparer.Ordinal);
        HashSet<ApplicationRole> roles = [];
        if (_options.AdminGroups.Any(groups.Contains)) roles.Add(ApplicationRole.Admin);
        if (_options.AuditorGroups.Any(groups.Contains)) roles.Add(ApplicationRole.Auditor);
        string? name = principal.FindFirst("name")?.Value ?? principal.FindFirst("preferred_username")?.Value;
        return new Actor
        {
            Person = new Person(subject, string.IsNullOrWhiteSpace(name) ? subject : name, principal.FindFirst("email")?.Value, groups, new PersonAttributes(
                principal.FindFirst("employeeNumber")?.Value, principal.FindFirst("costCenter")?.Value, principal.FindFirst("organization")?.Value, principal.FindFirst("division")?.Value)),
            Identity = IdentityOf(principal),
            Roles = [.. roles],
            SuggestedRoles = _suggested,
            Address = address,
        };
    }

    /// <summary>The roles that the person may act under, from the identity claim and from the groups; in a fixed order.</summary>
    public IReadOnlyList<RoleArn> RolesOf(ClaimsPrincipal principal)
    {
        IEnumerable<string> claimed = principal.FindAll(_options.IdentityClaim).Select(claim => claim.Value);
        IEnumerable<string> mapped = _options.GroupRoles.Where(mapping => principal.HasClaim(_options.GroupsClaim, mapping.Group)).Select(mapping => mapping.Role);
        return [.. claimed.Concat(mapped).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(arn => RoleArn.TryParse(arn, out RoleArn? role) ? role : null).OfType<RoleArn>()];
    }

    /// <summary>The claims of somebody for whom a program acts: what their last sign-in said, under the role that they chose for it, and what the token lets it do.</summary>
    internal ClaimsPrincipal PrincipalOf(KnownPerson person, TokenFamily family)
    {
        PersonAttributes attributes = person.Attributes;
        (string Type, string? Value)[] claims =
        [
            ("sub", person.Subject), ("name", person.DisplayName), ("email", person.Email), (ChosenRole, family.Role), (Family, family.Id.ToString()),
            ("employeeNumber", attributes.EmployeeNumber), ("costCenter", attributes.CostCenter), ("organization", attributes.Organization), ("division", attributes.Division),
            // The trap holds for programs as well.
            (_options.IdentityClaim, person.UnusableIdentity),
            .. person.Roles.Select(role => (_options.IdentityClaim, (string?)role)),
            .. person.Groups.Select(group => (_options.GroupsClaim, (string?)group)),
            .. family.Scopes.Select(scope => (Scope, (string?)scope)),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims.Where(claim => claim.Value is not null).Select(claim => new Claim(claim.Type, claim.Value!)), Bearer, "name", null));
    }

    /// <summary>Whether this may be done by whoever is there: by people at their own screen everything, by programs what their token's scopes name.</summary>
    internal static bool Allows(ClaimsPrincipal principal, string scope) => !IsProgram(principal) || principal.HasClaim(Scope, scope);

    /// <summary>Whether a program acts, with a token.</summary>
    internal static bool IsProgram(ClaimsPrincipal principal) => principal.Identities.Any(identity => identity.AuthenticationType == Bearer);

    /// <summary>The sign-in that a program's token came from.</summary>
    /// <exception cref="InvalidOperationException">No program acts.</exception>
    internal static Guid TokenFamilyOf(ClaimsPrincipal principal) => Guid.Parse(principal.FindFirst(Family)?.Value ?? throw new InvalidOperationException("No program acts."));

    /// <summary>The scopes of a token.</summary>
    internal static IReadOnlyList<string> ScopesOf(ClaimsPrincipal principal) => [.. principal.FindAll(Scope).Select(claim => claim.Value)];

    private ProvenIdentity IdentityOf(ClaimsPrincipal principal)
    {
        // An identity that AWS would reject is never outvoted by a role that the person might have had: it is the one that was proven.
        ProvenIdentity? trap = principal.FindAll(_options.IdentityClaim).Select(claim => ProvenIdentity.FromArn(claim.Value))
            .FirstOrDefault(identity => identity is ProvenIdentity.IamUser or ProvenIdentity.AccountRoot);
        if (trap is not null) return trap;
        IReadOnlyList<RoleArn> roles = RolesOf(principal);
        string? chosen = principal.FindFirst(ChosenRole)?.Value;
        RoleArn? role = roles.FirstOrDefault(role => role.Value == chosen) ?? (roles is [var first, ..] ? first : null);
        return role is null ? new ProvenIdentity.Unmapped() : new ProvenIdentity.Role(role);
    }
}
