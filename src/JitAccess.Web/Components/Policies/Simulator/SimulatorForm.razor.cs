using System.Globalization;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Web.Nodes;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Policies.Simulator;

/// <summary>The question: who, which node, when, and by which policies. Every change is told at once.</summary>
public sealed partial class SimulatorForm(SimulatorQueries queries, NodeQueries nodes)
{
    private const double Pause = 300;
    private const int MostGroups = 12;

    private MudAutocomplete<string>? groupField;
    private SimulatorAddress? seen;
    private bool isMadeUp;

    [Parameter, EditorRequired] public SimulatorAddress Address { get; set; } = new();

    [Parameter, EditorRequired] public SimulatorChoices Choices { get; set; } = null!;

    [Parameter, EditorRequired] public EventCallback<SimulatorAddress> OnChanged { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private string? HoursInWords => Address.Hours?.ToString(CultureInfo.InvariantCulture);

    // Only a new question says who asks; until one comes, and where it names nobody at all, the last choice stands.
    protected override void OnParametersSet()
    {
        if (Address.Equals(seen)) return;
        seen = Address;
        if (Address.HasPerson) isMadeUp = Address.IsMadeUp;
    }

    private static string Pressed(bool isPressed) => isPressed ? "true" : "false";

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string NameOfRole(string arn) => RoleArn.TryParse(arn, out RoleArn? role) ? $"{role.Name} in {role.Account}" : arn;

    private Task Change(SimulatorAddress address) => address.Equals(Address) ? Task.CompletedTask : OnChanged.InvokeAsync(address);

    private Task Describe(bool madeUp)
    {
        isMadeUp = madeUp;
        return Change(madeUp
            ? Address with { Person = null }
            : Address with { Groups = [], Organization = null, Division = null, CostCenter = null, EmployeeNumber = null });
    }

    private async Task<IEnumerable<SimulatedPerson?>> FindAsync(string? text, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(text) ? [] : await queries.PeopleAsync(Actor, text, cancellationToken);

    private Task ChoosePerson(SimulatedPerson? found) => found is null ? Task.CompletedTask : Change(Address with { Person = found.Subject });

    // A group that nobody who has signed in is in may be asked about all the same.
    private Task<IEnumerable<string?>> FindGroupAsync(string? text, CancellationToken cancellationToken)
    {
        string written = text?.Trim() ?? "";
        IEnumerable<string> known = Choices.Groups.Where(group => group.Contains(written, StringComparison.OrdinalIgnoreCase)).Take(MostGroups);
        return Task.FromResult<IEnumerable<string?>>((written.Length == 0 ? known : known.Append(written)).Distinct(StringComparer.Ordinal).Except(Address.Groups).ToList());
    }

    private async Task AddGroupAsync(string? group)
    {
        if (Filled(group) is not { } name) return;
        if (!Address.Groups.Contains(name)) await Change(Address with { Groups = Address.Groups.Add(name) });
        if (groupField is not null) await groupField.ClearAsync();
    }

    private async Task<string> NameAsync(CancellationToken cancellationToken)
    {
        string subject = Address.Person ?? "";
        return (await queries.PeopleAsync(Actor, subject, cancellationToken)).FirstOrDefault(person => person.Subject == subject)?.DisplayName ?? subject;
    }

    private async Task<string> NameOfNodeAsync(CancellationToken cancellationToken) =>
        InstanceId.TryParse(Address.Node, out InstanceId id) && await nodes.FindAsync(id, cancellationToken) is { } node ? node.Name : Address.Node ?? "";
}
