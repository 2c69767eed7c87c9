using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Web.Nodes;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Nodes;

/// <summary>Every node the person could ask for, with what they would get. The filter is in the address.</summary>
public sealed partial class NodesPage(NodeQueries nodes, NodeInventory refresh, NavigationManager navigation, ISnackbar snackbar)
{
    private const int PageSize = 50;
    private const string Online = "Online";
    private const string Offline = "Offline";
    private static readonly string[] Agents = [Online, Offline];

    private readonly HashSet<InstanceId> selected = [];
    private int take = PageSize;

    [SupplyParameterFromQuery(Name = "q")] public string? Text { get; set; }

    [SupplyParameterFromQuery] public string? Account { get; set; }

    [SupplyParameterFromQuery] public string? Region { get; set; }

    [SupplyParameterFromQuery] public string? Platform { get; set; }

    [SupplyParameterFromQuery] public string? Agent { get; set; }

    [SupplyParameterFromQuery] public string? Tag { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private NodeQueries Nodes => nodes;

    private NodeFilter Filter => new()
    {
        Text = Text,
        Account = Account,
        Region = Region,
        Platform = Platform,
        Online = Agent switch { Online => true, Offline => false, _ => null },
        Tag = Tag,
        Take = take,
    };

    private bool IsFiltered => FilterInWords.Length > 0;

    private string FilterInWords => string.Join(", ",
        new[] { Text is null ? null : $"“{Text}”", Account, Region, Platform, Agent, Tag }.Where(part => !string.IsNullOrEmpty(part)));

    private static bool CanSelect(NodeRow row) => row.Decision.CanBeRequested && row.ActiveGrantId is null && row.PendingRequestId is null;

    private void Toggle(NodeRow row)
    {
        if (!selected.Remove(row.Node.Id)) selected.Add(row.Node.Id);
    }

    private void Show(string filter, string? value)
    {
        take = PageSize;
        navigation.NavigateTo(navigation.GetUriWithQueryParameter(filter, string.IsNullOrWhiteSpace(value) ? null : value), replace: true);
    }

    private async Task RefreshAsync()
    {
        await refresh.RefreshAsync(CancellationToken.None);
        snackbar.Add("All accounts and Regions are read again.", Severity.Success);
    }
}
