namespace JitAccess.Domain.People;

/// <summary>Whom AWS or the identity provider proved the actor to be. AWS gives just-in-time access to roles only, so everything but a role is a trap.</summary>
public abstract record ProvenIdentity
{
    private ProvenIdentity() { }

    /// <summary>The actor acts under an IAM role: the one identity under which requests and reviews are made.</summary>
    public sealed record Role(RoleArn Arn) : ProvenIdentity;

    /// <summary>The actor is an IAM user.</summary>
    public sealed record IamUser(string Arn) : ProvenIdentity
    {
        /// <summary>The user's name without its path.</summary>
        public string Name => Arn[(Arn.LastIndexOf('/') + 1)..];
    }

    /// <summary>The actor is the root of an account.</summary>
    public sealed record AccountRoot(string Arn) : ProvenIdentity;

    /// <summary>The identity provider's claims map to no role.</summary>
    public sealed record Unmapped : ProvenIdentity;

    /// <summary>The identity that an ARN names; <see cref="Unmapped"/> if it is none that could act.</summary>
    public static ProvenIdentity FromArn(string arn)
    {
        if (RoleArn.TryParse(arn, out RoleArn? role)) return new Role(role);
        string[] parts = arn.Split(':', 6);
        bool isIam = parts is ["arn", _, "iam", "", _, _];
        if (isIam && parts[5].StartsWith("user/", StringComparison.Ordinal)) return new IamUser(arn);
        return isIam && parts[5] == "root" ? new AccountRoot(arn) : new Unmapped();
    }
}
