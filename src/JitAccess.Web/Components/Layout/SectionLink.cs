using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace JitAccess.Web.Components.Layout;

/// <summary>A link of the drawer to everything under an address, but for a part that has an entry of its own.</summary>
public sealed class SectionLink(NavigationManager navigation) : NavLink
{
    /// <summary>The address of that part, relative to the application's.</summary>
    [Parameter, EditorRequired] public string Except { get; set; } = "";

    protected override bool ShouldMatch(string uriAbsolute) =>
        base.ShouldMatch(uriAbsolute) && !uriAbsolute.StartsWith(navigation.ToAbsoluteUri(Except).ToString(), StringComparison.OrdinalIgnoreCase);
}
