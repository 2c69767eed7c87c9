using JitAccess.Domain.People;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Simulator;

/// <summary>Asks the policies what somebody would get, and why. The whole question is in the address.</summary>
public sealed partial class SimulatorPage(SimulatorQueries queries, NavigationManager navigation)
{
    [SupplyParameterFromQuery] public string? Matrix { get; set; }

    [SupplyParameterFromQuery] public string? Person { get; set; }

    [SupplyParameterFromQuery(Name = "group")] public string[]? Groups { get; set; }

    [SupplyParameterFromQuery] public string? EmployeeNumber { get; set; }

    [SupplyParameterFromQuery] public string? CostCenter { get; set; }

    [SupplyParameterFromQuery] public string? Organization { get; set; }

    [SupplyParameterFromQuery] public string? Division { get; set; }

    [SupplyParameterFromQuery] public string? Role { get; set; }

    [SupplyParameterFromQuery] public string? Node { get; set; }

    [SupplyParameterFromQuery] public string? At { get; set; }

    [SupplyParameterFromQuery] public string? Reason { get; set; }

    [SupplyParameterFromQuery] public string? Hours { get; set; }

    [SupplyParameterFromQuery] public string? Set { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private SimulatorQueries Queries => queries;

    private SimulatorAddress Address { get; set; } = new();

    private string Missing => (Address.HasPerson, string.IsNullOrEmpty(Address.Node)) switch
    {
        (_, false) when Address.HasPerson => $"“{Address.Node}” is not the id of a node. Choose one by its name.",
        (false, true) => "Choose a person and a node, and this place says what they would get, why, and who would be asked.",
        (false, false) => "Choose a person, or describe somebody, and this place says what they would get.",
        _ => "Choose a node, and this place says what they would get.",
    };

    protected override void OnParametersSet() => Address = new SimulatorAddress
    {
        Matrix = Matrix,
        Person = Person,
        Groups = [.. (Groups ?? []).Where(group => group.Length > 0).Distinct(StringComparer.Ordinal)],
        EmployeeNumber = EmployeeNumber,
        CostCenter = CostCenter,
        Organization = Organization,
        Division = Division,
        Role = Role,
        Node = Node,
        At = SimulatorAddress.ReadAt(At),
        Reason = Reason,
        Hours = SimulatorAddress.ReadHours(Hours),
        Set = Set,
    };

    private void Show(SimulatorAddress address) => navigation.NavigateTo(address.ToString(), replace: true);
}
