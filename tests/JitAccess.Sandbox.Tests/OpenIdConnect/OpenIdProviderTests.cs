using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using JitAccess.Sandbox.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JitAccess.Sandbox.Tests.OpenIdConnect;

/// <summary>The whole code flow, spoken by hand.</summary>
public sealed partial class OpenIdProviderTests : IAsyncLifetime
{
    private const string Callback = "http://127.0.0.1:5080/signin-oidc";
    private const string Verifier = "a-verifier-that-is-at-least-forty-three-characters-long";

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private OpenIdProvider provider = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => provider = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        http.Dispose();
    }

    [Fact]
    public async Task Discovery_Asked_NamesTheEndpointsOfTheAuthority()
    {
        JsonElement document = await http.GetFromJsonAsync<JsonElement>(new Uri(provider.Authority, ".well-known/openid-configuration"), Cancelled);

        Assert.Equal(provider.Authority.ToString(), document.GetProperty("issuer").GetString());
        Assert.Equal(new Uri(provider.Authority, "connect/authorize").ToString(), document.GetProperty("authorization_endpoint").GetString());
        Assert.Equal(new Uri(provider.Authority, "connect/logout").ToString(), document.GetProperty("end_session_endpoint").GetString());
        Assert.Equal(["S256"], document.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(method => method.GetString()));
    }

    [Fact]
    public async Task AuthorizePage_Opened_HasOneNamedButtonForEachPerson()
    {
        string page = await http.GetStringAsync(AuthorizeUri(), Cancelled);

        foreach (SandboxPerson person in provider.People.All)
            Assert.Contains($"<button name=\"user\" value=\"{person.UserName}\" aria-label=\"{person.UserName}\"", page, StringComparison.Ordinal);
        Assert.Equal(7, provider.People.All.Count);
    }

    [Fact]
    public async Task AuthorizePage_WithPersonInTheLink_StillAsks()
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(AuthorizeUri() + "&user=admin&login_hint=admin"), Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_Completed_IdTokenAndUserInfoHoldTheClaims()
    {
        JsonElement tokens = await SignInAsync("requester");

        JsonWebToken idToken = await ValidateAsync(tokens.GetProperty("id_token").GetString()!);
        JsonElement claims = JsonSerializer.Deserialize<JsonElement>(Base64UrlEncoder.Decode(idToken.EncodedPayload));
        Assert.Equal("some-nonce", idToken.GetClaim("nonce").Value);
        AssertIsRequester(claims);

        using HttpRequestMessage ask = new(HttpMethod.Get, new Uri(provider.Authority, "connect/userinfo"));
        ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        using HttpResponseMessage answer = await http.SendAsync(ask, Cancelled);
        AssertIsRequester(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }

    [Fact]
    public async Task Person_Changed_NextSignInSaysSo()
    {
        provider.People.Set(provider.People["requester"] with { Groups = ["engineering", "on-call"] });

        JsonElement tokens = await SignInAsync("requester");

        JsonWebToken idToken = await ValidateAsync(tokens.GetProperty("id_token").GetString()!);
        Assert.Equal(["engineering", "on-call"], idToken.Claims.Where(claim => claim.Type == "groups").Select(claim => claim.Value));
    }

    [Fact]
    public async Task Authorize_WithForeignRedirect_IsRefusedWithoutRedirecting()
    {
        using HttpResponseMessage answer = await http.GetAsync(AuthorizeUri("http://127.0.0.1:5081/signin-oidc"), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task Authorize_WithoutProofKey_IsRefused()
    {
        Uri withoutChallenge = new(CodeChallenge().Replace(AuthorizeUri().ToString(), ""));
        using HttpResponseMessage answer = await http.GetAsync(withoutChallenge, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("code_challenge", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_WithoutInteraction_AnswersLoginRequired()
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(AuthorizeUri() + "&prompt=none"), Cancelled);

        Assert.Contains("error=login_required", answer.Headers.Location?.Query ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_WithWrongClientSecret_IsRefused()
    {
        string code = await ChooseAsync("requester");

        (HttpStatusCode status, JsonElement answer) = await ExchangeAsync(code, "wrong", Verifier);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("invalid_client", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Token_WithWrongVerifier_IsRefused()
    {
        string code = await ChooseAsync("requester");

        (HttpStatusCode status, JsonElement answer) = await ExchangeAsync(code, provider.ClientSecret, Verifier + "x");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Token_WithUsedCode_IsRefused()
    {
        string code = await ChooseAsync("requester");
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(code, provider.ClientSecret, Verifier)).Status);

        (HttpStatusCode status, JsonElement answer) = await ExchangeAsync(code, provider.ClientSecret, Verifier);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task EndSession_WithTheClientsAddress_ReturnsThere()
    {
        JsonElement tokens = await SignInAsync("requester");
        string hint = tokens.GetProperty("id_token").GetString()!;
        const string Back = "http://127.0.0.1:5080/signout-callback-oidc";

        using HttpResponseMessage answer = await http.GetAsync(
            new Uri(provider.Authority, $"connect/logout?id_token_hint={hint}&state=back&post_logout_redirect_uri={Uri.EscapeDataString(Back)}"), Cancelled);

        Assert.Equal(Back + "?state=back", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task EndSession_WithForeignAddress_IsRefused()
    {
        using HttpResponseMessage answer = await http.GetAsync(
            new Uri(provider.Authority, "connect/logout?client_id=jitaccess&post_logout_redirect_uri=http%3A%2F%2Fevil.example%2F"), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Provider_StartedAgainFromItsFolder_KeepsKeysAndClientSecret()
    {
        using TemporaryFolder folder = new();
        string secret, idToken;
        await using (OpenIdProvider first = await StartAsync(folder.Path))
        {
            secret = first.ClientSecret;
            await provider.DisposeAsync();
            provider = first;
            idToken = (await SignInAsync("requester")).GetProperty("id_token").GetString()!;
        }

        provider = await StartAsync(folder.Path, provider.Authority.Port);

        Assert.Equal(secret, provider.ClientSecret);
        Assert.Equal("requester", (await ValidateAsync(idToken)).Subject);
        if (!OperatingSystem.IsWindows())
        {
            foreach (string file in Directory.GetFiles(folder.Path))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private static void AssertIsRequester(JsonElement claims)
    {
        Assert.Equal("requester", claims.GetProperty("sub").GetString());
        Assert.Equal("requester", claims.GetProperty("preferred_username").GetString());
        Assert.Equal("Rina Requester", claims.GetProperty("name").GetString());
        Assert.Equal("requester@sandbox.example", claims.GetProperty("email").GetString());
        Assert.Equal("""["engineering"]""", claims.GetProperty("groups").GetRawText());
        Assert.Equal("""["arn:aws:iam::111111111111:role/jit-requester"]""", claims.GetProperty("aws_identity").GetRawText());
        Assert.Equal("E-1001", claims.GetProperty("employeeNumber").GetString());
        Assert.Equal("CC-100", claims.GetProperty("costCenter").GetString());
        Assert.Equal("Sandbox", claims.GetProperty("organization").GetString());
        Assert.Equal("Engineering", claims.GetProperty("division").GetString());
    }

    private static Task<OpenIdProvider> StartAsync(string? folder = null, int? port = null) =>
        OpenIdProvider.StartAsync(
            new OpenIdProviderOptions { ClientAddresses = [new Uri("http://127.0.0.1:5080")], DataDirectory = folder, Port = port },
            Cancelled);

    private Uri AuthorizeUri(string redirect = Callback) =>
        new(provider.Authority, "connect/authorize?" + string.Join('&', AuthorizeParameters(redirect).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}")));

    private Dictionary<string, string> AuthorizeParameters(string redirect) => new()
    {
        ["client_id"] = provider.ClientId,
        ["response_type"] = "code",
        ["scope"] = "openid profile email",
        ["redirect_uri"] = redirect,
        ["state"] = "some-state",
        ["nonce"] = "some-nonce",
        ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
    };

    private async Task<string> ChooseAsync(string userName)
    {
        // What the browser sends: the page's hidden fields and the button.
        string page = await http.GetStringAsync(AuthorizeUri(), Cancelled);
        Dictionary<string, string> form = HiddenField().Matches(page)
            .ToDictionary(field => field.Groups["name"].Value, field => HttpUtility.HtmlDecode(field.Groups["value"].Value));
        form["user"] = userName;
        using FormUrlEncodedContent content = new(form);
        using HttpResponseMessage answer = await http.PostAsync(AuthorizeUri(), content, Cancelled);

        Uri location = answer.Headers.Location ?? throw new InvalidOperationException($"No redirect: {await answer.Content.ReadAsStringAsync(Cancelled)}");
        Assert.StartsWith(Callback, location.ToString(), StringComparison.Ordinal);
        Assert.Equal("some-state", HttpUtility.ParseQueryString(location.Query)["state"]);
        return HttpUtility.ParseQueryString(location.Query)["code"]!;
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> ExchangeAsync(string code, string secret, string verifier)
    {
        using FormUrlEncodedContent content = new(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = provider.ClientId,
            ["client_secret"] = secret,
            ["code"] = code,
            ["code_verifier"] = verifier,
            ["redirect_uri"] = Callback,
        });
        using HttpResponseMessage answer = await http.PostAsync(new Uri(provider.Authority, "connect/token"), content, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }

    private async Task<JsonElement> SignInAsync(string userName)
    {
        (HttpStatusCode status, JsonElement answer) = await ExchangeAsync(await ChooseAsync(userName), provider.ClientSecret, Verifier);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer;
    }

    private async Task<JsonWebToken> ValidateAsync(string idToken)
    {
        string keys = await http.GetStringAsync(new Uri(provider.Authority, ".well-known/jwks"), Cancelled);
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(
            idToken,
            new TokenValidationParameters
            {
                ValidIssuer = provider.Authority.ToString(),
                ValidAudience = provider.ClientId,
                IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
            });
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)">""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("&code_challenge(_method)?=[^&]*")]
    private static partial Regex CodeChallenge();
}
