using JitAccess.Domain.People;
using JitAccess.Web.Audit;
using JitAccess.Web.Audit.Anchors;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace JitAccess.Web.Components.Audit;

/// <summary>The audit, newest first. Filter and place are in the address. New entries are announced and not shown until wanted: nobody loses the line that they read.</summary>
public sealed partial class AuditPage(AuditQueries audit, AnchorQueries anchors, NavigationManager navigation)
{
    private AuditPlace? newest;
    private (string, AuditPlace?) asked;
    private Guid? open;
    private int opened;
    private string? wrong;

    [SupplyParameterFromQuery(Name = "from")] public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "until")] public string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "person")] public string? Person { get; set; }

    [SupplyParameterFromQuery(Name = "action")] public string[]? Actions { get; set; }

    [SupplyParameterFromQuery(Name = "node")] public string? Node { get; set; }

    [SupplyParameterFromQuery(Name = "subject")] public string? Subject { get; set; }

    [SupplyParameterFromQuery(Name = "why")] public string? Why { get; set; }

    [SupplyParameterFromQuery(Name = "version")] public string? Version { get; set; }

    /// <summary>Only entries before this place.</summary>
    [SupplyParameterFromQuery(Name = "before")] public string? BeforeText { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private AnchorQueries Anchors => anchors;

    private AuditFilter Filter { get; set; } = new();

    private AuditPlace? Before { get; set; }

    protected override void OnParametersSet()
    {
        Before = AuditPlace.Parse(BeforeText);
        try
        {
            Filter = AuditFilter.Parse(From, Until, Person, Actions, Node, Subject, Why, Version);
            wrong = null;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            Filter = new AuditFilter();
            wrong = "The address holds a filter that is none: days are written like 2026-06-01, and a policy version is a number. All entries are shown.";
        }
        if (asked == (Filter.InWords, Before)) return;
        asked = (Filter.InWords, Before);
        newest = null;
    }

    private Task<AuditPageRows> LoadAsync(CancellationToken cancellationToken) => audit.ListAsync(Actor, Filter, Before, newest, cancellationToken);

    private void Loaded(AuditPageRows page)
    {
        if (Before is null && page.Rows is [var first, ..]) newest ??= new AuditPlace(first.At, first.Id);
    }

    private void ShowNewer()
    {
        newest = null;
        opened++;
    }

    private void Toggle(Guid id) => open = open == id ? null : id;

    private void Show(AuditFilter filter) => navigation.NavigateTo(AuditAddress.Of("audit", filter), replace: true);

    private string OlderAddress(AuditPlace place) => QueryHelpers.AddQueryString(AuditAddress.Of("audit", Filter), "before", place.ToString());
}
