using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace JitAccess.Benchmarks;

/// <summary>
/// A page that somebody has open: a Blazor circuit as a browser holds it, without the browser's work of drawing. It takes every render batch,
/// acknowledges it, and tells when one brings a text that is waited for.
/// </summary>
internal sealed partial class OpenPage : IAsyncDisposable
{
    private readonly HubConnection _circuit;
    private volatile Wanted? _wanted;
    private int _objects;

    private OpenPage(HubConnection circuit)
    {
        _circuit = circuit;
        circuit.On<int, byte[]>("JS.RenderBatch", async (batch, data) =>
        {
            if (_wanted is { } wanted && data.AsSpan().IndexOf(wanted.Text) >= 0) wanted.Came.TrySetResult(Stopwatch.GetTimestamp());
            await circuit.SendAsync("OnRenderCompleted", batch, null);
        });
        circuit.On<long, string, string, int, long, int>("JS.BeginInvokeJS", async (call, identifier, _, resultType, _, _) =>
        {
            if (call == 0) return;
            string result = (resultType, identifier) switch
            {
                // A module or another object of the page.
                (1, _) => $"{{\"__jsObjectId\":{Interlocked.Increment(ref _objects)}}}",
                (_, "zone") => "\"UTC\"",
                (_, "window.hasOwnProperty") => "true",
                (_, "mudpopoverHelper.countProviders") => "1",
                (_, "jitTheme.watch") => "false",
                _ => "null",
            };
            await circuit.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,{result}]");
        });
        circuit.On<string>("JS.Error", error => Failure ??= error);
    }

    /// <summary>What the circuit died of; null while it lives.</summary>
    public string? Failure { get; private set; }

    /// <summary>Opens a page as a browser does: reads it, starts a circuit, and asks for the components that the page names.</summary>
    public static async Task<OpenPage> OpenAsync(Uri page, CookieContainer cookies, CancellationToken cancellationToken)
    {
        using HttpClient http = new(new SocketsHttpHandler { CookieContainer = cookies });
        string html = await http.GetStringAsync(page, cancellationToken);
        JsonArray components = [.. Marker().Matches(html).Select(match => JsonNode.Parse(match.Groups["json"].Value)).Where(marker => (string?)marker!["type"] == "server")];
        if (components.Count == 0) throw new InvalidOperationException($"{page} names no component; is the person signed in?");
        Uri home = new(page, "/");
        IHubConnectionBuilder builder = new HubConnectionBuilder().WithUrl(new Uri(home, "_blazor"), options => options.Cookies = cookies);
        builder.Services.AddSingleton<IHubProtocol, BlazorPack>();

        OpenPage opened = new(builder.Build());
        await opened._circuit.StartAsync(cancellationToken);
        await opened._circuit.InvokeAsync<string?>("StartCircuit", home.ToString(), page.ToString(), "[]", "", cancellationToken);
        JsonArray operations = [.. components.Select((marker, index) => new JsonObject { ["type"] = "add", ["ssrComponentId"] = index + 1, ["marker"] = marker!.DeepClone() })];
        await opened._circuit.SendAsync("UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(), "", cancellationToken);
        return opened;
    }

    /// <summary>When the text comes to the page, as a timestamp of <see cref="Stopwatch"/>. One text at a time.</summary>
    public Task<long> WhenShownAsync(string text)
    {
        Wanted wanted = new(Encoding.UTF8.GetBytes(text), new(TaskCreationOptions.RunContinuationsAsynchronously));
        _wanted = wanted;
        return wanted.Came.Task;
    }

    public ValueTask DisposeAsync() => _circuit.DisposeAsync();

    [GeneratedRegex("<!--Blazor:(?<json>\\{.*?\\})-->", RegexOptions.Singleline)]
    private static partial Regex Marker();

    private sealed record Wanted(byte[] Text, TaskCompletionSource<long> Came);
}
