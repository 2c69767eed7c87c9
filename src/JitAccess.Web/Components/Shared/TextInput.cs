using MudBlazor;

namespace JitAccess.Web.Components.Shared;

/// <summary>A text field as all forms here have it: outlined, dense, heard with every key.</summary>
public sealed class TextInput : MudTextField<string>
{
    public TextInput() => (Variant, Margin, Immediate) = (Variant.Outlined, Margin.Dense, true);
}
