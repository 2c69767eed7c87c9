namespace JitAccess.Sandbox.Aws;

/// <summary>A hybrid activation: with its id and code a machine from elsewhere registers itself.</summary>
/// <param name="Id">A UUID.</param>
/// <param name="Code">A secret.</param>
/// <param name="AccountId">The account that the machines come to.</param>
/// <param name="Region">The Region that they come to.</param>
/// <param name="RoleArn">The role that they get credentials of.</param>
/// <param name="Name">What they are called.</param>
public sealed record EmulatedActivation(string Id, string Code, string AccountId, string Region, string RoleArn, string Name)
{
    /// <summary>The code stays out of logs and messages.</summary>
    public override string ToString() => Id;
}
