using System.ComponentModel.DataAnnotations;
using JitAccess.Domain.People;

namespace JitAccess.Web.Identity;

/// <summary>The section <c>Identity</c> of the configuration: who signs people in, and what their claims mean here.</summary>
public sealed class IdentityOptions : IValidatableObject
{
    /// <summary>The OpenID Connect provider (issuer). Plain http is accepted on loopback only.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    /// <summary>The client's secret; give it by environment or a mounted file, never in appsettings.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The claim that names the AWS identities (ARNs) that a person may act under.</summary>
    public string IdentityClaim { get; set; } = "aws_identity";

    /// <summary>The claim that names a person's groups.</summary>
    public string GroupsClaim { get; set; } = "groups";

    /// <summary>Groups whose members may act under a role.</summary>
    public List<GroupRole> GroupRoles { get; set; } = [];

    /// <summary>Groups whose members are admins.</summary>
    public List<string> AdminGroups { get; set; } = [];

    /// <summary>Groups whose members are auditors.</summary>
    public List<string> AuditorGroups { get; set; } = [];

    /// <summary>Roles that somebody signed in as an IAM user is told to assume.</summary>
    public List<string> SuggestedRoles { get; set; } = [];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out Uri? authority) || authority.Scheme is not ("https" or "http")) yield return new($"Identity:Authority is “{Authority}”, not the address of an OpenID Connect provider.");
        else if (authority is { Scheme: "http", IsLoopback: false }) yield return new("Identity:Authority must be https: plain http is accepted on loopback only.");
        if (string.IsNullOrWhiteSpace(ClientId)) yield return new("Identity:ClientId is missing.");
        if (string.IsNullOrWhiteSpace(ClientSecret)) yield return new("Identity:ClientSecret is missing.");
        foreach (GroupRole mapping in GroupRoles.Where(mapping => string.IsNullOrWhiteSpace(mapping.Group) || !RoleArn.TryParse(mapping.Role, out _)))
            yield return new($"Identity:GroupRoles maps the group “{mapping.Group}” to “{mapping.Role}”, which is not the ARN of a role.");
        foreach (string role in SuggestedRoles.Where(role => !RoleArn.TryParse(role, out _)))
            yield return new($"Identity:SuggestedRoles names “{role}”, which is not the ARN of a role.");
    }
}

/// <summary>Members of a group may act under a role.</summary>
public sealed class GroupRole
{
    public string Group { get; set; } = "";

    public string Role { get; set; } = "";
}
