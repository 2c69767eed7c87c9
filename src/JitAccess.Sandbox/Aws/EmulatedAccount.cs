namespace JitAccess.Sandbox.Aws;

/// <summary>An AWS account.</summary>
/// <param name="Id">Twelve digits.</param>
/// <param name="Name">What people call it.</param>
public sealed record EmulatedAccount(string Id, string Name);
