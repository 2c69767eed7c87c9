using JitAccess.Domain.People;
using JitAccess.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace JitAccess.Web.Components.Sessions;

/// <summary>Live sessions with watch and end, and the history with its recordings. Search and place are in the address.</summary>
public sealed partial class SessionsPage(SessionQueries sessions, NavigationManager navigation)
{
    private string text = "";
    private string command = "";

    [SupplyParameterFromQuery(Name = "q")] public string? TextAsked { get; set; }

    [SupplyParameterFromQuery(Name = "command")] public string? CommandAsked { get; set; }

    /// <summary>Only sessions older than this one.</summary>
    [SupplyParameterFromQuery(Name = "before")] public string? BeforeAsked { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private SessionQueries Sessions => sessions;

    private SessionFilter Filter { get; set; } = new();

    private Guid? Before { get; set; }

    protected override void OnParametersSet()
    {
        (text, command) = (TextAsked ?? "", CommandAsked ?? "");
        Filter = new SessionFilter { Text = text.Trim(), Command = command.Trim() };
        Before = Guid.TryParse(BeforeAsked, out Guid place) ? place : null;
    }

    private void Search() => navigation.NavigateTo(AddressOf(text.Trim(), command.Trim(), null));

    private string Address(Guid? before) => AddressOf(Filter.Text, Filter.Command, before);

    private static string AddressOf(string? text, string? command, Guid? before)
    {
        Dictionary<string, string?> query = [];
        if (!string.IsNullOrEmpty(text)) query["q"] = text;
        if (!string.IsNullOrEmpty(command)) query["command"] = command;
        if (before is { } place) query["before"] = place.ToString();
        return QueryHelpers.AddQueryString("sessions", query);
    }
}
