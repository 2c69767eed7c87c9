namespace JitAccess.Domain.Policies.Conditions;

/// <summary>The attributes of a person that the condition builder can ask for; none of them need be there.</summary>
public enum PersonAttribute
{
    /// <summary><c>employeeNumber</c></summary>
    EmployeeNumber,

    /// <summary><c>costCenter</c></summary>
    CostCenter,

    /// <summary><c>organization</c></summary>
    Organization,

    /// <summary><c>division</c></summary>
    Division,
}
