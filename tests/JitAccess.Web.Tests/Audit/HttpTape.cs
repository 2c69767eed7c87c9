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
        Requests.Add(new Asked(http.Request.Method, http.Request.Path.Value!, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await body.ReadToEndAsync(http.RequestAborted)));
        http.Response.StatusCode = Answer.Status;
        if (Answer.Status is >= 300 and < 400) http.Response.Headers.Location = "/elsewhere";
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(Answer.Body, http.RequestAborted);
    }

    public sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
}
