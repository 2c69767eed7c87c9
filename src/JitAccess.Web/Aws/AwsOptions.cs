using System.ComponentModel.DataAnnotations;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Web.Aws;

/// <summary>The section <c>Aws</c> of the configuration.</summary>
public sealed class AwsOptions : IValidatableObject
{
    /// <summary>The Region whose STS answers, for example <c>eu-west-1</c>.</summary>
    public string HomeRegion { get; set; } = "";

    /// <summary>Where STS, EC2 and SSM answer instead of AWS's public addresses: a VPC endpoint, or an emulator. Usually absent.</summary>
    public Uri? ServiceUrl { get; set; }

    /// <summary>How often the nodes are read again.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The SSM document that sessions are opened with.</summary>
    public string SessionDocument { get; set; } = "SSM-SessionManagerRunShell";

    /// <summary>The accounts that nodes are read from.</summary>
    public List<AwsAccount> Accounts { get; set; } = [];

    /// <summary>Every configured account and Region.</summary>
    public IEnumerable<AwsPlace> Places => Accounts.SelectMany(account => account.Regions.Select(region => new AwsPlace(AccountId.Parse(account.Id), region)));

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(HomeRegion)) yield return new("Aws:HomeRegion is missing: the Region whose STS answers, for example eu-west-1.");
        if (ServiceUrl is not null && !(ServiceUrl.IsAbsoluteUri && (ServiceUrl.Scheme == Uri.UriSchemeHttps || (ServiceUrl.Scheme == Uri.UriSchemeHttp && ServiceUrl.IsLoopback))))
            yield return new($"Aws:ServiceUrl is “{ServiceUrl}”, not an https address (http only on the loopback interface: credentials travel there).");
        if (string.IsNullOrWhiteSpace(SessionDocument)) yield return new("Aws:SessionDocument is empty: leave it out for SSM-SessionManagerRunShell.");
        if (RefreshInterval < TimeSpan.FromSeconds(10)) yield return new("Aws:RefreshInterval is shorter than 00:00:10.");
        if (Accounts.Count == 0) yield return new("Aws:Accounts is empty: name at least one account (Aws:Accounts:0:Id, :AccessRoleArn, :Regions:0).");
        for (int index = 0; index < Accounts.Count; index++)
        {
            AwsAccount account = Accounts[index];
            if (!AccountId.TryParse(account.Id, out AccountId id)) yield return new($"Aws:Accounts:{index}:Id is “{account.Id}”, not an account id of twelve digits.");
            if (!RoleArn.TryParse(account.AccessRoleArn, out RoleArn? role)) yield return new($"Aws:Accounts:{index}:AccessRoleArn is “{account.AccessRoleArn}”, not the ARN of a role.");
            else if (role.Account != id) yield return new($"Aws:Accounts:{index}:AccessRoleArn belongs to another account than {account.Id}.");
            if (account.Regions.Count == 0) yield return new($"Aws:Accounts:{index}:Regions is empty: name at least one Region.");
            for (int at = 0; at < account.Regions.Count; at++)
            {
                if (string.IsNullOrWhiteSpace(account.Regions[at])) yield return new($"Aws:Accounts:{index}:Regions:{at} is empty.");
                else if (account.Regions.IndexOf(account.Regions[at]) < at) yield return new($"Aws:Accounts:{index}:Regions:{at} names {account.Regions[at]} again.");
            }
        }
        foreach (IGrouping<string, AwsAccount> twice in Accounts.GroupBy(account => account.Id).Where(group => group.Count() > 1))
            yield return new($"Aws:Accounts names the account {twice.Key} twice.");
    }
}

/// <summary>An account that nodes are read from.</summary>
public sealed class AwsAccount
{
    /// <summary>The account's twelve digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>What people call it; the digits if empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>The role that JitAccess assumes there.</summary>
    public string AccessRoleArn { get; set; } = "";

    /// <summary>The external id that the role demands; usually absent within one organization.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The Regions in which nodes are managed.</summary>
    public List<string> Regions { get; set; } = [];
}
