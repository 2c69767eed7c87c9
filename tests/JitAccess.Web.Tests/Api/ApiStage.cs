using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Postgres;
using JitAccess.Web.Api;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace JitAccess.Web.Tests.Api;

/// <summary>The whole application over a test's world, but for work in the background, and clients with tokens that they got by its own device flow.</summary>
internal sealed class ApiStage : IAsyncDisposable
{
    public const string Everything = "read request approve connect";

    private readonly Application _application;

    private ApiStage(TestWorld world, bool onSocket)
    {
        (World, _application) = (world, new Application(world));
        if (onSocket) _application.UseKestrel(0);
    }

    public TestWorld World { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ApiStage> CreateAsync() => new(await TestWorld.CreateAsync(), onSocket: false);

    /// <summary>The same on a database server that the test may stop.</summary>
    public static async Task<ApiStage> CreateOnAsync(PostgresServer server) => new(await TestWorld.CreateOnAsync(server), onSocket: false);

    /// <summary>The same on a socket of its own, for programs and WebSockets.</summary>
    public static async Task<ApiStage> CreateOnSocketAsync()
    {
        ApiStage stage = new(await TestWorld.CreateAsync(), onSocket: true);
        stage._application.StartServer();
        return stage;
    }

    /// <summary>Where the application listens.</summary>
    public Uri Address => new(Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public T Get<T>() where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => _application.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>A client that acts for somebody.</summary>
    public async Task<HttpClient> ClientAsync(Actor actor, string scope = Everything)
    {
        HttpClient client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await TokensAsync(actor, scope)).AccessToken);
        return client;
    }

    /// <summary>Tokens for somebody, who signed in and confirmed the device.</summary>
    public async Task<TokenPair> TokensAsync(Actor actor, string scope = Everything)
    {
        await SignInAsync(actor);
        DeviceAuthorization started = await StartAsync(scope);
        await Get<DeviceLoginService>().ConfirmAsync(actor, (await Get<DeviceLoginService>().FindAsync(actor, started.UserCode, Cancellation)).Id, Cancellation);
        using HttpResponseMessage answer = await RedeemAsync(started);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<TokenPair>(Cancellation))!;
    }

    public async Task<DeviceAuthorization> StartAsync(string scope = Everything)
    {
        using HttpResponseMessage answer = await PostFormAsync("device_authorization", ("client_id", "jit"), ("device_name", "laptop"), ("scope", scope));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<DeviceAuthorization>(Cancellation))!;
    }

    public Task<HttpResponseMessage> RedeemAsync(DeviceAuthorization started, string client = "jit") =>
        PostFormAsync("token", ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", client), ("device_code", started.DeviceCode));

    public Task<HttpResponseMessage> RefreshAsync(TokenPair tokens) =>
        PostFormAsync("token", ("grant_type", "refresh_token"), ("client_id", "jit"), ("refresh_token", tokens.RefreshToken));

    public Task<HttpResponseMessage> PostFormAsync(string endpoint, params (string Key, string Value)[] fields) =>
        Anonymous().PostAsync(new Uri($"{ApiSetup.Root}/oauth/{endpoint}", UriKind.Relative), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Key, field.Value))), Cancellation);

    /// <summary>What a sign-in of this person leaves behind.</summary>
    public async Task SignInAsync(Actor actor, string? unusableIdentity = null)
    {
        await using JitAccessDbContext database = await World.DatabaseAsync();
        KnownPerson? known = await database.People.FindAsync([actor.Subject], Cancellation);
        if (known is null) database.People.Add(known = new KnownPerson { Subject = actor.Subject, DisplayName = actor.Person.DisplayName });
        known.Email = actor.Person.Email;
        known.Groups = actor.IsAdmin ? actor.Person.Groups.Add("jit-admins") : actor.Person.Groups;
        known.Roles = actor.Role is { } role ? [role.Value] : [];
        known.UnusableIdentity = unusableIdentity;
        await database.SaveChangesAsync(Cancellation);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(Cancellation), default, Cancellation);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await World.DisposeAsync();
    }

    private sealed class Application(TestWorld world) : WebApplicationFactory<JitAccessDbContext>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            foreach ((string key, string? value) in TestProcess.Settings(world)) builder.UseSetting(key, value);
            builder.ConfigureLogging(logging => logging.ClearProviders());
            builder.ConfigureTestServices(services =>
            {
                Assembly web = typeof(JitAccessDbContext).Assembly;
                foreach (ServiceDescriptor background in services.Where(service => service.ServiceType == typeof(IHostedService)
                    && (service.ImplementationType?.Assembly == web || service.ImplementationFactory?.Method.Module.Assembly == web)).ToList()) services.Remove(background);
                // Whoever would be sent to sign in is sent there, without asking whether it answers.
                services.Configure<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme, openId => openId.Configuration = new OpenIdConnectConfiguration { AuthorizationEndpoint = "http://127.0.0.1/authorize" });
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(world.Clock));
                services.Replace(ServiceDescriptor.Singleton(TestProcess.Engine));
                services.Replace(ServiceDescriptor.Singleton<ISessionOpener>(world.Aws));
                services.Replace(ServiceDescriptor.Singleton<INodeReader>(world.NodesAtAws));
            });
        }
    }
}
