using MudBlazor;

namespace JitAccess.Web.Components.Layout;

/// <summary>The tokens of <c>wwwroot/css/app.css</c>, as far as MudBlazor has names for them.</summary>
public static class AppTheme
{
    private static readonly string[] Font = ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"];

    public static MudTheme Instance { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#3b50ce",
            PrimaryContrastText = "#ffffff",
            Background = "#f5f6f8",
            BackgroundGray = "#f1f3f6",
            Surface = "#ffffff",
            LinesDefault = "#dfe3e9",
            TableLines = "#dfe3e9",
            Divider = "#dfe3e9",
            LinesInputs = "#7c8595",
            TextPrimary = "#161a22",
            TextSecondary = "#525b6a",
            ActionDefault = "#525b6a",
            Success = "#14663a",
            Warning = "#7d4b00",
            Error = "#a81f2c",
            Info = "#0a5c78",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#9aa9ff",
            PrimaryContrastText = "#0e1434",
            Background = "#0f1217",
            BackgroundGray = "#1f242d",
            Surface = "#171b22",
            LinesDefault = "#2b323d",
            TableLines = "#2b323d",
            Divider = "#2b323d",
            LinesInputs = "#707b8d",
            TextPrimary = "#e7eaf0",
            TextSecondary = "#a6afbd",
            ActionDefault = "#a6afbd",
            Success = "#72d49c",
            Warning = "#f1bd60",
            Error = "#ff9398",
            Info = "#7cc8e4",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Font, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Font, FontSize = "13px", LineHeight = "20px", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Font, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Font, FontSize = "16px", LineHeight = "24px", FontWeight = "600", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Font, FontSize = "14px", LineHeight = "20px", FontWeight = "600", LetterSpacing = "normal", TextTransform = "none" },
        },
    };
}
