using System.Collections.Immutable;
using System.Globalization;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Http.Extensions;

namespace JitAccess.Web.Components.Policies.Simulator;

/// <summary>A question to the simulator as the address has it: copying the address is copying the question.</summary>
public sealed record SimulatorAddress
{
    /// <summary>No grant is longer.</summary>
    public const int MaximumHours = 336;

    /// <summary>The subject of a person who is known; null for somebody made up.</summary>
    public string? Person { get; init; }

    /// <summary>The groups of somebody made up.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    public string? EmployeeNumber { get; init; }

    public string? CostCenter { get; init; }

    public string? Organization { get; init; }

    public string? Division { get; init; }

    /// <summary>The ARN of the role that they act under; null for any.</summary>
    public string? Role { get; init; }

    /// <summary>The id of the node.</summary>
    public string? Node { get; init; }

    /// <summary>When they ask; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why they ask; null for no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>For how many hours they ask; null for as long as the policies allow.</summary>
    public int? Hours { get; init; }

    /// <summary><c>draft</c>, or the number of a version; null for the version in force.</summary>
    public string? Set { get; init; }

    /// <summary>The tag key whose values are the columns of the matrix; null for the question about one person and one node.</summary>
    public string? Matrix { get; init; }

    /// <summary>Whether somebody is described, by name or by what they are.</summary>
    public bool HasPerson => Person is not null || IsMadeUp;

    /// <summary>Whether the somebody is made up.</summary>
    public bool IsMadeUp => Person is null && (Groups.Length > 0 || EmployeeNumber is not null || CostCenter is not null || Organization is not null || Division is not null);

    /// <summary>The question; null while it is not complete.</summary>
    public SimulatorQuestion? Question => HasPerson && InstanceId.TryParse(Node, out InstanceId node)
        ? new SimulatorQuestion
        {
            Subject = Person,
            Groups = Groups,
            Attributes = new PersonAttributes(EmployeeNumber, CostCenter, Organization, Division),
            Role = RoleArn.TryParse(Role, out RoleArn? role) ? role : null,
            Node = node,
            At = At,
            Reason = Reason ?? "",
            Duration = Hours is { } hours ? TimeSpan.FromHours(hours) : null,
            Set = SimulatedSet.Parse(Set),
        }
        : null;

    /// <summary>The address, relative to the application's.</summary>
    public override string ToString()
    {
        QueryBuilder query = [];
        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value)) query.Add(name, value);
        }

        Add("matrix", Matrix);
        Add("person", Person);
        foreach (string group in Groups) Add("group", group);
        Add("employeeNumber", EmployeeNumber);
        Add("costCenter", CostCenter);
        Add("organization", Organization);
        Add("division", Division);
        Add("role", Role);
        Add("node", Node);
        Add("at", At?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
        Add("reason", Reason);
        Add("hours", Hours?.ToString(CultureInfo.InvariantCulture));
        Add("set", Set);
        return $"policies/simulator{query.ToQueryString()}";
    }

    public bool Equals(SimulatorAddress? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Reads an instant; null if the text is none.</summary>
    public static DateTimeOffset? ReadAt(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    /// <summary>Reads a number of hours; null if the text is none that could be asked for.</summary>
    public static int? ReadHours(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int hours) && hours is >= 1 and <= MaximumHours ? hours : null;
}
