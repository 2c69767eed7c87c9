using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Tests.Api;

/// <summary>Calls of the API, and what every answer of it must have.</summary>
internal static class ApiCalls
{
    public static Task<HttpResponseMessage> SubmitAsync(HttpClient client, string node, double? minutes = null, string? key = null, string reason = "look")
    {
        HttpRequestMessage message = new(HttpMethod.Post, "/api/v1/requests") { Content = JsonContent.Create(new { nodeId = node, reason, durationMinutes = minutes }) };
        if (key is not null) message.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(message, ApiStage.Cancellation);
    }

    public static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string verb, string? ifMatch = null)
    {
        HttpRequestMessage message = new(verb.Length == 0 ? HttpMethod.Get : HttpMethod.Post, path);
        object? body = verb switch
        {
            "/approve" or "/reject" => new { comment = "because" },
            "/revoke" or "/extend" => new { reason = "because" },
            "/review-break-glass" => new { verdict = nameof(ReviewVerdict.Approve), comment = "because" },
            _ => null,
        };
        if (body is not null) message.Content = JsonContent.Create(body);
        if (ifMatch is not null) message.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(message, ApiStage.Cancellation);
    }

    public static async Task<(HttpStatusCode Status, string? Detail)> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(answer.Headers.GetValues("Content-Security-Policy"));
        JsonElement problem = await ApiStage.JsonAsync(answer);
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        return (answer.StatusCode, problem.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() : null);
    }

    public static async Task<List<T>> AllAsync<T>(HttpClient client, string path, Func<JsonElement, T> read)
    {
        List<T> all = [];
        for (string? next = path; next is not null;)
        {
            HttpResponseMessage answer = await client.GetAsync(new Uri(next, UriKind.Relative), ApiStage.Cancellation);
            JsonElement page = await JsonAsync(answer);
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(read));
            next = page.GetProperty("next").GetString();
            Assert.Equal(next is null ? null : $"<{next}>; rel=\"next\"", answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single() : null);
        }
        return all;
    }

    public static async Task<IReadOnlyList<JsonElement>> ItemsAsync(HttpClient client, string path) =>
        [.. (await JsonAsync(await client.GetAsync(new Uri(path, UriKind.Relative), ApiStage.Cancellation))).GetProperty("items").EnumerateArray()];

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ApiStage.Cancellation));
        return await ApiStage.JsonAsync(answer);
    }
}
