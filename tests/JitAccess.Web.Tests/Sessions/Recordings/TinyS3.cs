using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Sessions.Recordings;

/// <summary>As much of S3's protocol as recordings need, on a real server: put if absent, get, list in pages, delete.</summary>
internal sealed class TinyS3 : IAsyncDisposable
{
    private const int PageSize = 3;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    private TinyS3(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What every later call is answered with; null for the truth.</summary>
    public (int Status, string Code)? Failure { get; set; }

    public IReadOnlyCollection<string> Keys => [.. _objects.Keys.Order(StringComparer.Ordinal)];

    public static async Task<TinyS3> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        TinyS3 server = new(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string key = context.Request.Path.Value!.TrimStart('/');
        if (!key.StartsWith("recordings-bucket", StringComparison.Ordinal)) await FailAsync(context, 404, "NoSuchBucket");
        else if (Failure is { } failure) await FailAsync(context, failure.Status, failure.Code);
        else if (context.Request.Query["list-type"] == "2") await ListAsync(context);
        else if (HttpMethods.IsPut(context.Request.Method)) await PutAsync(context, key);
        else if (HttpMethods.IsDelete(context.Request.Method))
        {
            _objects.TryRemove(key, out _);
            context.Response.StatusCode = 204;
        }
        else if (_objects.TryGetValue(key, out byte[]? content)) await context.Response.Body.WriteAsync(content);
        else await FailAsync(context, 404, "NoSuchKey");
    }

    private async Task PutAsync(HttpContext context, string key)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        if (context.Request.Headers.IfNoneMatch != "*" || _objects.TryAdd(key, body.ToArray())) return;
        await FailAsync(context, 412, "PreconditionFailed");
    }

    private Task ListAsync(HttpContext context)
    {
        string prefix = $"recordings-bucket/{context.Request.Query["prefix"]}";
        string after = context.Request.Query["continuation-token"].ToString();
        string[] found = [.. Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)];
        bool more = found.Length > PageSize;
        string page = string.Concat(found.Take(PageSize).Select(key => $"<Contents><Key>{key["recordings-bucket/".Length..]}</Key></Contents>"));
        string next = more ? $"<NextContinuationToken>{found[PageSize - 1]}</NextContinuationToken>" : "";
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<ListBucketResult><IsTruncated>{(more ? "true" : "false")}</IsTruncated>{next}{page}</ListBucketResult>");
    }

    private static Task FailAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>secret-token-in-a-message</Message><RequestId>R1</RequestId></Error>");
    }
}
