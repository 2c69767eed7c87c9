using Microsoft.Extensions.Primitives;

namespace JitAccess.Web.Security;

/// <summary>What browsers are told to refuse on our behalf, and what is refused to browsers that show somebody else's page.</summary>
public static class SecuritySetup
{
    // Scripts are files of ours, and nothing else is one. Styles stand in elements, too: MudBlazor and the terminal place what they draw by them.
    private const string Policy =
        "default-src 'none'; script-src 'self'" + Rest;

    // The player of recordings is WebAssembly; its page may compile it, and no other may.
    private const string PlayerPolicy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'" + Rest;

    private const string Rest =
        "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; frame-ancestors 'none'";

    private const string Features = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";

    /// <summary>Headers on every answer, errors and files included; no socket for a page of another origin.</summary>
    public static void UseSecurity(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = IsPlayer(context.Request.Path) ? PlayerPolicy : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Features;
        // Browsers take it over https alone.
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        if (IsSocketOfAnotherOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        await next(context);
    });

    /// <summary>Whether a browser says that the request comes from a page of this very address. A proxy may speak https before us, so the scheme says nothing.</summary>
    public static bool IsOwnOrigin(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out Uri? origin)
        && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsPlayer(PathString path) => path.StartsWithSegments("/sessions", out PathString rest) && rest.Value?.EndsWith("/recording", StringComparison.Ordinal) == true;

    // Cookies go with sockets that any page opens. What says no origin is no browser, and has no cookies of one.
    private static bool IsSocketOfAnotherOrigin(HttpRequest request) =>
        string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase) && !StringValues.IsNullOrEmpty(request.Headers.Origin) && !IsOwnOrigin(request);
}
