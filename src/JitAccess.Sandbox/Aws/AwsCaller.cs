namespace JitAccess.Sandbox.Aws;

/// <summary>Who signed a request, and what they may do.</summary>
internal sealed record AwsCaller
{
    public required string AccessKeyId { get; init; }

    public required string AccountId { get; init; }

    /// <summary>arn:aws:iam::…:user/… or arn:aws:sts::…:assumed-role/….</summary>
    public required string Arn { get; init; }

    /// <summary>The unique id; for a role session the role's id and the session's name.</summary>
    public required string UserId { get; init; }

    /// <summary>The role behind a role session.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The name of a role session.</summary>
    public string? SessionName { get; init; }

    /// <summary>Each must allow what is done; no policy at all allows everything.</summary>
    public IReadOnlyList<AccessPolicy> Policies { get; init; } = [];

    /// <summary>Whether every policy allows the action.</summary>
    public bool May(string action, string resource, IReadOnlyDictionary<string, string>? conditions = null) =>
        Policies.All(policy => policy.Allows(action, resource, this, conditions));

    /// <summary>Refuses what a policy does not allow.</summary>
    public void Demand(
        string action, string resource, string code = "AccessDeniedException", IReadOnlyDictionary<string, string>? conditions = null)
    {
        if (May(action, resource, conditions))
            return;
        throw new AwsError(
            code,
            $"User: {Arn} is not authorized to perform: {action} on resource: {resource} because no policy allows the {action} action",
            code is "AccessDeniedException" ? System.Net.HttpStatusCode.BadRequest : System.Net.HttpStatusCode.Forbidden);
    }
}
