using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using JitAccess.Web.Api;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Routing;

namespace JitAccess.Web.Tests.Api;

public sealed partial class DocumentTests
{
    [Fact]
    public async Task Document_HasEveryEndpoint_WithItsAnswersAndItsScope()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        JsonElement paths = (await ApiStage.JsonAsync(await stage.Anonymous().GetAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), ApiStage.Cancellation))).GetProperty("paths");
        List<RouteEndpoint> endpoints = [.. stage.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith($"{ApiSetup.Root}/", StringComparison.Ordinal) && !endpoint.RoutePattern.RawText.EndsWith("openapi.json", StringComparison.Ordinal))];
        Assert.Equal(28, endpoints.Count);
        Assert.Equal(endpoints.Count, paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()));
        foreach (RouteEndpoint endpoint in endpoints)
        {
            string path = Constraint().Replace(endpoint.RoutePattern.RawText!, "}"), method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0].ToLowerInvariant();
            JsonElement operation = paths.GetProperty(path.TrimEnd('/')).GetProperty(method);
            HashSet<string> answers = [.. operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name)];
            Assert.True(answers.Overlaps(["200", "201", "204"]), path);
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            string? scope = endpoint.Metadata.GetMetadata<RequiredScope>()?.Name;
            if (path.Contains("/oauth/", StringComparison.Ordinal))
            {
                Assert.Superset(new HashSet<string> { "400", "429" }, answers);
                Assert.Null(scope);
                continue;
            }
            Assert.Superset(new HashSet<string> { "400", "401", "403", "503" }, answers);
            Assert.Equal(scope, operation.GetProperty("security")[0].GetProperty("token")[0].GetString());
            if (path.Contains('{', StringComparison.Ordinal)) Assert.Contains("404", answers);
        }
        string[] withKey = [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Where(operation => operation.Value.TryGetProperty("parameters", out JsonElement parameters)
            && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key")).Select(operation => operation.Value.GetProperty("summary").GetString()!)];
        Assert.Equal(["Asks for a node", "Asks for more time", "Asks for several nodes on the same terms", "Opens a session inside open access"], withKey.Order());
    }

    [Fact]
    public async Task Page_RunsItsOwnScriptAlone_AndNoOtherPageIsWeakened()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpResponseMessage page = await stage.Anonymous().GetAsync(new Uri("/api/docs/", UriKind.Relative), ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        string html = await page.Content.ReadAsStringAsync(ApiStage.Cancellation), policy = page.Headers.GetValues("Content-Security-Policy").Single();
        string nonce = Nonce().Match(policy).Groups[1].Value;
        Assert.NotEqual("", nonce);
        Assert.Equal(Script().Count(html), Script().Matches(html).Count(script => script.Value.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal)));
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);

        HttpResponseMessage again = await stage.Anonymous().GetAsync(new Uri("/api/docs/", UriKind.Relative), ApiStage.Cancellation);
        Assert.DoesNotContain(nonce, again.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        HttpResponseMessage other = await stage.Anonymous().GetAsync(new Uri("/identity/signed-out", UriKind.Relative), ApiStage.Cancellation);
        Assert.Contains("script-src 'self';", other.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
