using MudBlazor;

namespace JitAccess.Web.Components.Shared;

/// <summary>A field for a whole number as all forms here have it.</summary>
public sealed class NumberInput : MudNumericField<int>
{
    public NumberInput() => (Variant, Margin, Immediate, HideSpinButtons) = (Variant.Outlined, Margin.Dense, true, true);
}
