using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JitAccess.Web.Components.Policies.Versions;

/// <summary>One version as it was published, alone or compared with another; the address holds both.</summary>
public sealed partial class VersionPage(PolicyQueries queries, PolicyService service, NavigationManager navigation, IDialogService dialogs)
{
    [Parameter] public int Number { get; set; }

    /// <summary>The version to compare with, as the state before; null for none.</summary>
    [SupplyParameterFromQuery] public int? Compare { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private PolicyQueries Queries => queries;

    private void Show(string? other) => navigation.NavigateTo($"policies/versions/{Number}" + (string.IsNullOrEmpty(other) ? "" : $"?compare={other}"));

    private async Task RollBackAsync(VersionDetails shown)
    {
        if (!await ConfirmDialog.AskAsync(dialogs, $"Roll back to version {Number}?", $"A draft with its policies is made. Version {shown.Newest} stays in force until you publish that draft.", "Make the draft", "Not now")) return;
        await service.RollBackAsync(Actor, Number, CancellationToken.None);
        navigation.NavigateTo("policies/draft");
    }
}
