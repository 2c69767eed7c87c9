using System.Net;
using System.Security.Claims;
using System.Text.Json;
using JitAccess.Sandbox.Processes;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace JitAccess.Sandbox.OpenIdConnect;

/// <summary>
/// An OpenID Connect provider on loopback: code flow with PKCE for one confidential client.
/// It keeps no session: every sign-in asks who it is, so that each browser profile can be somebody else.
/// </summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    private const string AuthorizePath = "/connect/authorize";
    private const string TokenPath = "/connect/token";
    private const string UserInfoPath = "/connect/userinfo";
    private const string EndSessionPath = "/connect/logout";
    private const string ServerScheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    private readonly WebApplication application;

    private OpenIdProvider(WebApplication application, Uri authority, string clientSecret, SandboxPeople people)
    {
        this.application = application;
        Authority = authority;
        ClientSecret = clientSecret;
        People = people;
    }

    public Uri Authority { get; }

    public string ClientId => "jitaccess";

    public string ClientSecret { get; }

    /// <summary>Who can sign in; a change counts from that person's next sign-in on.</summary>
    public SandboxPeople People { get; }

    public static async Task<OpenIdProvider> StartAsync(OpenIdProviderOptions options, CancellationToken cancellationToken)
    {
        ProviderKeys keys = await ProviderKeys.LoadAsync(options.DataDirectory, cancellationToken);
        int port = LoopbackPort.Find(options.Port);
        Uri authority = new($"http://127.0.0.1:{port}/");
        SandboxPeople people = new();

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        AddOpenIddict(builder.Services, authority, keys);

        WebApplication application = builder.Build();
        application.UseRouting();
        application.UseAuthentication();
        application.MapGet("/", () => SignInPage.Say("Identity provider", "The JitAccess sandbox signs people in here. Start at the application itself."));
        application.MapMethods(AuthorizePath, [HttpMethods.Get, HttpMethods.Post], (Delegate)((HttpContext context) => AuthorizeAsync(context, people)));
        application.MapPost(TokenPath, (Delegate)((HttpContext context) => ExchangeAsync(context, people)));
        application.MapMethods(UserInfoPath, [HttpMethods.Get, HttpMethods.Post], (Delegate)((HttpContext context) => UserInfoAsync(context, people)));
        application.MapMethods(EndSessionPath, [HttpMethods.Get, HttpMethods.Post], EndSession);

        OpenIdProvider provider = new(application, authority, keys.ClientSecret, people);
        try
        {
            await provider.RegisterClientAsync(options, cancellationToken);
            await application.StartAsync(cancellationToken);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private static void AddOpenIddict(IServiceCollection services, Uri authority, ProviderKeys keys)
    {
        string store = $"openid-{Guid.NewGuid():n}";
        services.AddDbContext<DbContext>(context => context.UseInMemoryDatabase(store).UseOpenIddict());
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>().DisableBulkOperations())
            .AddServer(server =>
            {
                server.SetIssuer(authority)
                    .SetAuthorizationEndpointUris(AuthorizePath)
                    .SetTokenEndpointUris(TokenPath)
                    .SetUserInfoEndpointUris(UserInfoPath)
                    .SetEndSessionEndpointUris(EndSessionPath)
                    .AllowAuthorizationCodeFlow()
                    .RequireProofKeyForCodeExchange()
                    .RegisterScopes(Scopes.OpenId, Scopes.Profile, Scopes.Email)
                    .AddSigningKey(keys.Signing)
                    .AddEncryptionKey(keys.Encryption)
                    .Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
                // Loopback: there is nobody on the way.
                server.UseAspNetCore()
                    .DisableTransportSecurityRequirement()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableTokenEndpointPassthrough()
                    .EnableUserInfoEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough();
            });
    }

    private async Task RegisterClientAsync(OpenIdProviderOptions options, CancellationToken cancellationToken)
    {
        OpenIddictApplicationDescriptor client = new()
        {
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            ClientType = ClientTypes.Confidential,
            ConsentType = ConsentTypes.Implicit,
            DisplayName = "JitAccess",
            Permissions =
            {
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.Token,
                Permissions.Endpoints.EndSession,
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.ResponseTypes.Code,
                Permissions.Scopes.Profile,
                Permissions.Scopes.Email,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        foreach (Uri address in options.ClientAddresses)
        {
            client.RedirectUris.Add(new Uri(address, "/signin-oidc"));
            client.PostLogoutRedirectUris.Add(new Uri(address, "/signout-callback-oidc"));
        }
        await using AsyncServiceScope scope = application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(client, cancellationToken);
    }

    private static async Task<IResult> AuthorizeAsync(HttpContext context, SandboxPeople people)
    {
        OpenIddictRequest request = Request(context);
        if (request.HasPromptValue(PromptValues.None))
            return Refuse(Errors.LoginRequired, "The sandbox always asks who signs in.");

        // A link must not be able to choose: only the page's own form does.
        IFormCollection? form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        if (!people.TryFind(form?["user"], out SandboxPerson? person))
        {
            return SignInPage.Ask(
                people.All,
                request.GetParameters()
                    .Where(parameter => parameter.Key != "user")
                    .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value ?? "")));
        }

        ClaimsIdentity identity = new(ServerScheme, Claims.Name, Claims.Role);
        identity.SetScopes(request.GetScopes());
        return SignIn(identity, person);
    }

    private static async Task<IResult> ExchangeAsync(HttpContext context, SandboxPeople people)
    {
        AuthenticateResult code = await context.AuthenticateAsync(ServerScheme);
        return people.TryFind(code.Principal?.GetClaim(Claims.Subject), out SandboxPerson? person)
            ? SignIn(new ClaimsIdentity(code.Principal!.Claims, ServerScheme, Claims.Name, Claims.Role), person)
            : Refuse(Errors.InvalidGrant, "The code names nobody whom the sandbox knows.");
    }

    private static IResult SignIn(ClaimsIdentity identity, SandboxPerson person)
    {
        foreach ((string name, object value) in ClaimsOf(person))
        {
            identity.RemoveClaims(name);
            identity.AddClaim(value is string text
                ? new Claim(name, text)
                : new Claim(name, JsonSerializer.Serialize(value), JsonClaimValueTypes.JsonArray));
        }
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: ServerScheme);
    }

    private static async Task<IResult> UserInfoAsync(HttpContext context, SandboxPeople people)
    {
        AuthenticateResult token = await context.AuthenticateAsync(ServerScheme);
        return people.TryFind(token.Principal?.GetClaim(Claims.Subject), out SandboxPerson? person)
            ? Results.Json(ClaimsOf(person))
            : Refuse(Errors.InvalidToken, "The token names nobody whom the sandbox knows.");
    }

    private static IResult EndSession() =>
        Results.SignOut(new AuthenticationProperties { RedirectUri = "/" }, [ServerScheme]);

    private static Dictionary<string, object> ClaimsOf(SandboxPerson person)
    {
        Dictionary<string, object> claims = new()
        {
            [Claims.Subject] = person.UserName,
            [Claims.Name] = person.Name,
            [Claims.PreferredUsername] = person.UserName,
            [Claims.Email] = person.Email,
            // Lists stay lists, also with one member: a claim that changes its shape is a trap for its reader.
            ["groups"] = person.Groups,
            ["aws_identity"] = person.AwsIdentities,
        };
        foreach ((string name, string value) in person.Attributes)
            claims[name] = value;
        return claims;
    }

    private static OpenIddictRequest Request(HttpContext context) =>
        context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("OpenIddict did not see this request.");

    private static IResult Refuse(string error, string description) =>
        Results.Forbid(
            new AuthenticationProperties(new Dictionary<string, string?>
            {
                [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
                [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
            }),
            [ServerScheme]);
}
