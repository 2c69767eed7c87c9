using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Audit;

/// <summary>A server on loopback that writes down what it is asked.</summary>
internal sealed class HttpTape : IAsyncDisposable
{
    private readonly WebApplication _server;

    private HttpTape(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public List<Asked> Requests { get; } = [];

    /// <summary>What it answers next.</summary>
    public (int Status, string Body) Answer { get; set; } = (200, "");

    /// <summary>How long it asks to be left alone with each answer; null for not at all.</summary>
    public string? RetryAfter { get; set; }

    public static async Task<HttpTape> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        HttpTape tape = new(server);
        server.Run(tape.TakeAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return tape;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using StreamReader body = new(http.Request.Body);
        Asked asked = new(http.Request.Method, http.Request.Path.Value!, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await body.ReadToEndAsync(http.RequestAborted));
        lock (Requests) Requests.Add(asked);
        http.Response.StatusCode = Answer.Status;
        if (Answer.Status is >= 300 and < 400) http.Response.Headers.Location = "/elsewhere";
        if (RetryAfter is not null) http.Response.Headers.RetryAfter = RetryAfter;
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(Answer.Body, http.RequestAborted);
    }

    public sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
}
