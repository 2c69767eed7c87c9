using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Identity;

/// <summary>Sign-in by OpenID Connect (authorization code with PKCE) into a cookie.</summary>
public static class IdentitySetup
{
    public static void AddIdentity(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<IdentityOptions>().BindConfiguration("Identity").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ActorClaims>();
        builder.Services.AddScoped<ActorAccessor>();
        builder.Services.AddSingleton<PeopleService>();
        builder.Services.AddSingleton<PeopleQueries>();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAuthentication(authentication =>
            {
                authentication.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                authentication.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "jitaccess";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
                cookie.SlidingExpiration = false;
                // Whoever has none is sent to sign in.
                cookie.ForwardChallenge = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddOpenIdConnect();
        builder.Services.AddOptions<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme).Configure<IOptions<IdentityOptions>>(Configure);
        // Nobody gets anywhere unless an endpoint says that anonymous callers may.
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder identity = routes.MapGroup("/identity");
        // Form posts, so that the antiforgery token is checked and no foreign page can sign anybody out.
        identity.MapPost("/sign-out", (IFormCollection _) => TypedResults.SignOut(new AuthenticationProperties { RedirectUri = "/identity/signed-out" },
            [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]));
        identity.MapPost("/role", ChooseRoleAsync);
        identity.MapGet("/sign-in", (string? returnUrl) => TypedResults.Challenge(new AuthenticationProperties { RedirectUri = Local(returnUrl) },
            [OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous();
    }

    private static void Configure(OpenIdConnectOptions openId, IOptions<IdentityOptions> identity)
    {
        openId.Authority = identity.Value.Authority;
        openId.ClientId = identity.Value.ClientId;
        openId.ClientSecret = identity.Value.ClientSecret;
        openId.RequireHttpsMetadata = !new Uri(identity.Value.Authority).IsLoopback;
        openId.ResponseType = "code";
        openId.ResponseMode = "query";
        openId.UsePkce = true;
        openId.MapInboundClaims = false;
        openId.GetClaimsFromUserInfoEndpoint = false;
        openId.SaveTokens = false;
        openId.SignedOutRedirectUri = "/identity/signed-out";
        openId.Scope.Clear();
        foreach (string scope in (string[])["openid", "profile", "email"]) openId.Scope.Add(scope);
        openId.TokenValidationParameters.NameClaimType = "name";
        openId.NonceCookie.SameSite = SameSiteMode.Lax;
        openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
        openId.Events.OnTokenValidated = context =>
            context.HttpContext.RequestServices.GetRequiredService<PeopleService>().RememberAsync(context.Principal!, context.HttpContext.RequestAborted);
        openId.Events.OnRemoteFailure = context =>
        {
            string id = context.HttpContext.TraceIdentifier;
            context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(IdentitySetup))
                .LogWarning("A sign-in failed ({Id}): {Reason}", id, context.Failure?.Message);
            context.Response.Redirect("/identity/error?id=" + Uri.EscapeDataString(id));
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private static async Task<IResult> ChooseRoleAsync(HttpContext http, IFormCollection form, ActorClaims claims)
    {
        string role = form["role"].ToString();
        if (!claims.RolesOf(http.User).Any(one => one.Value == role)) return TypedResults.BadRequest("You may not act under this role.");
        ClaimsIdentity chosen = new(http.User.Claims.Where(claim => claim.Type != ActorClaims.ChosenRole), CookieAuthenticationDefaults.AuthenticationScheme, "name", null);
        chosen.AddClaim(new Claim(ActorClaims.ChosenRole, role));
        await http.SignInAsync(new ClaimsPrincipal(chosen));
        return TypedResults.LocalRedirect(Local(form["returnUrl"]));
    }

    /// <summary>A path on this host; anything else would let a link send people elsewhere after sign-in.</summary>
    private static string Local(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..] ? url : "/";
}
