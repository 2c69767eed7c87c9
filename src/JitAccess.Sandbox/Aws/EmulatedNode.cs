namespace JitAccess.Sandbox.Aws;

/// <summary>A machine under Systems Manager.</summary>
/// <param name="Id">i-… for an EC2 instance, mi-… for a machine registered from elsewhere.</param>
/// <param name="Name">Its host name, and the value of its tag <c>Name</c>.</param>
/// <param name="AccountId">The account that it belongs to.</param>
/// <param name="Region">The Region that it is registered in.</param>
public sealed record EmulatedNode(string Id, string Name, string AccountId, string Region)
{
    /// <summary>All tags, <c>Name</c> included.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string> { ["Name"] = Name };

    public PingStatus PingStatus { get; init; } = PingStatus.Online;

    public string PlatformType { get; init; } = "Linux";

    public string PlatformName { get; init; } = "Amazon Linux";

    public string PlatformVersion { get; init; } = "2023";

    public string AgentVersion { get; init; } = "3.3.987.0";

    public string IpAddress { get; init; } = "10.0.0.10";

    /// <summary>Whether sessions begin with a handshake, as with an own agent; a plain shell of the real one has none.</summary>
    public bool Handshake { get; init; }

    /// <summary>The KMS key that shells and commands on this node must be encrypted with; null for none.</summary>
    public string? KmsKeyArn { get; init; }

    internal bool IsHybrid => Id.StartsWith("mi-", StringComparison.Ordinal);

    internal string Arn => IsHybrid
        ? $"arn:aws:ssm:{Region}:{AccountId}:managed-instance/{Id}"
        : $"arn:aws:ec2:{Region}:{AccountId}:instance/{Id}";
}
