namespace JitAccess.Domain.People;

/// <summary>The optional attributes of a person that policies may ask for, named as in AWS's schema for just-in-time node access.</summary>
public sealed record PersonAttributes(string? EmployeeNumber = null, string? CostCenter = null, string? Organization = null, string? Division = null);
