using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace JitAccess.Cli.Client;

/// <summary>Talks to the API with the tokens of the last login, and gets new ones when they have run out.</summary>
internal sealed class JitClient(CliContext context)
{
    public const string ClientId = "jit";

    private const int Tries = 3;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly CredentialFile _file = new(context.Folder);

    /// <exception cref="CliException">Nobody is signed in.</exception>
    public Uri Server => SignedIn().Server;

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    public Task<JsonElement> PostAsync(string path, object? body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, null, cancellationToken);

    /// <summary>Makes something, once, however often the network fails meanwhile.</summary>
    public Task<JsonElement> MakeAsync(string path, object body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, Guid.NewGuid().ToString(), cancellationToken);

    /// <summary>The items of a list, page after page.</summary>
    public async Task<List<JsonElement>> AllAsync(string path, int most, CancellationToken cancellationToken)
    {
        List<JsonElement> items = [];
        for (string? next = path; next is not null && items.Count < most;)
        {
            JsonElement page = await GetAsync(next, cancellationToken);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        return [.. items.Take(most)];
    }

    /// <summary>An access token that is good for a while.</summary>
    /// <param name="refused">One that the server did not take, whatever the clock says of it.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="CliException">Nobody is signed in, or not any more.</exception>
    public async Task<string> AccessTokenAsync(string? refused, CancellationToken cancellationToken)
    {
        if (IsGood(SignedIn(), refused)) return SignedIn().AccessToken;
        using IDisposable held = await _file.LockAsync(cancellationToken);
        // Another process may have been first.
        Credentials known = SignedIn();
        if (IsGood(known, refused)) return known.AccessToken;
        using HttpResponseMessage answer = await context.Http.PostAsync(new Uri(known.Server, "/api/v1/oauth/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = ClientId,
            ["refresh_token"] = known.RefreshToken,
        }), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.BadRequest) throw new CliException(ExitCode.NotSignedIn, "The login is over, or was revoked. Run jit login.");
        answer.EnsureSuccessStatusCode();
        return Store(known.Server, (await answer.Content.ReadFromJsonAsync<TokensGiven>(Wire.Json, cancellationToken))!).AccessToken;
    }

    /// <summary>Keeps the tokens of a login. The file is held by the caller.</summary>
    public Credentials Store(Uri server, TokensGiven given)
    {
        Credentials credentials = new(server, given.RefreshToken, given.AccessToken, context.Time.GetUtcNow().AddSeconds(given.ExpiresIn));
        _file.Write(credentials);
        return credentials;
    }

    private Credentials SignedIn() => _file.Read() ?? throw new CliException(ExitCode.NotSignedIn, "You are not signed in. Run jit login --server https://…");

    private bool IsGood(Credentials credentials, string? refused) => credentials.AccessToken != refused && context.Time.GetUtcNow() < credentials.AccessEndsAt - Margin;

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, string? key, CancellationToken cancellationToken)
    {
        string? refused = null;
        for (int tries = 1; ; tries++)
        {
            string token = await AccessTokenAsync(refused, cancellationToken);
            using HttpRequestMessage message = new(method, new Uri(Server, path.StartsWith("/api", StringComparison.Ordinal) ? path : $"/api/v1/{path}"));
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (key is not null) message.Headers.Add("Idempotency-Key", key);
            if (body is not null) message.Content = JsonContent.Create(body, options: Wire.Json);
            try
            {
                using HttpResponseMessage answer = await context.Http.SendAsync(message, cancellationToken);
                if (answer.StatusCode == HttpStatusCode.Unauthorized && refused is null)
                {
                    refused = token;
                    continue;
                }
                if (!answer.IsSuccessStatusCode) throw await RefusedAsync(answer, cancellationToken);
                return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            }
            catch (HttpRequestException) when (tries < Tries && (key is not null || method == HttpMethod.Get))
            {
                // Asked again, it acts no second time.
                await Task.Delay(TimeSpan.FromSeconds(tries), context.Time, cancellationToken);
            }
        }
    }

    private static async Task<CliException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Problem? problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? await answer.Content.ReadFromJsonAsync<Problem>(Wire.Json, cancellationToken) : null;
        string related = problem?.RelatedRequestId is { } id ? $" (request {id})" : "";
        string message = $"{problem?.Detail ?? problem?.Title ?? $"The server answered {(int)answer.StatusCode}."}{related}";
        return new CliException((int)answer.StatusCode switch
        {
            401 => ExitCode.NotSignedIn,
            400 => ExitCode.Usage,
            403 or 404 or 409 or 412 or 422 => ExitCode.Refused,
            _ => ExitCode.Failed,
        }, message);
    }
}
