using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Web.Aws;

/// <summary>The ARNs of what a session touches, in one account and Region.</summary>
/// <remarks>Grammar: service authorization reference, "Resource types defined by AWS Systems Manager".</remarks>
internal sealed class AwsArns(RoleArn accessRole, AwsPlace place)
{
    // aws, aws-cn or aws-us-gov: the same for everything that an account has.
    private readonly string partition = accessRole.Value.Split(':')[1];

    public string Node(InstanceId node) => node.IsHybrid
        ? $"arn:{partition}:ssm:{place.Region}:{place.Account}:managed-instance/{node}"
        : $"arn:{partition}:ec2:{place.Region}:{place.Account}:instance/{node}";

    /// <summary>A document of the account; those whose names begin with AWS- belong to AWS and to no account.</summary>
    public string Document(string name) => name.StartsWith("AWS-", StringComparison.Ordinal)
        ? $"arn:{partition}:ssm:{place.Region}::document/{name}"
        : $"arn:{partition}:ssm:{place.Region}:{place.Account}:document/{name}";

    /// <summary>A KMS key, by its ARN or id. An alias is no resource of policies: then any key of the account.</summary>
    public string Key(string keyId) =>
        keyId.StartsWith("arn:", StringComparison.Ordinal) && keyId.Contains(":key/", StringComparison.Ordinal) && !keyId.Contains('*') ? keyId
        : Guid.TryParse(keyId, out Guid id) ? $"arn:{partition}:kms:{place.Region}:{place.Account}:key/{id}"
        : $"arn:{partition}:kms:{place.Region}:{place.Account}:key/*";

    /// <summary>Every session that somebody opens under this STS session name.</summary>
    public string SessionsOf(string sessionName) => $"arn:{partition}:ssm:{place.Region}:{place.Account}:session/{sessionName}-*";
}
