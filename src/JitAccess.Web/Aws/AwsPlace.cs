using JitAccess.Domain.Nodes;

namespace JitAccess.Web.Aws;

/// <summary>One account and Region that nodes are read from and sessions are opened in.</summary>
public sealed record AwsPlace(AccountId Account, string Region);
