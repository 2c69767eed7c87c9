using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using MudBlazor;
using MudBlazor.Services;

namespace JitAccess.Web.Components;

/// <summary>Wires the screens.</summary>
public static class ComponentsSetup
{
    public static void AddComponents(this WebApplicationBuilder builder)
    {
        // Run from the build output, as by the sandbox, the libraries' files are where a manifest says; published, they lie in wwwroot.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            // Somebody whose network was away comes back to the page as it was.
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(15);
            options.DetailedErrors = false;
        }).AddHubOptions(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(5);
            // The longest Cedar text must arrive in one message, even where JSON writes every character as \u0000. A longer message ends the circuit.
            options.MaximumReceiveMessageSize = 8 * PolicyRules.MaximumCedarLength;
        });
        builder.Services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.TopRight;
            options.SnackbarConfiguration.PreventDuplicates = true;
            options.SnackbarConfiguration.VisibleStateDuration = 8000;
            options.SnackbarConfiguration.ShowTransitionDuration = 100;
            options.SnackbarConfiguration.HideTransitionDuration = 200;
            options.SnackbarConfiguration.MaximumOpacity = 100;
        });
        builder.Services.AddSingleton<Failures>();
        builder.Services.AddScoped<PersonZone>();
    }

    public static void MapComponents(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapRazorComponents<App>()
            // Said for all answers elsewhere.
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
}
