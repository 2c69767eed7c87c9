using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Sessions;

/// <summary>A script of a page on one of its elements, opened once and closed with the page.</summary>
/// <param name="script">The browser.</param>
/// <param name="module">The script's file under js.</param>
/// <param name="function">What opens it; it returns an object with <c>dispose</c>.</param>
internal sealed class PageScript(IJSRuntime script, string module, string function) : IAsyncDisposable
{
    private IJSObjectReference? opened;
    private bool isOpening;
    private bool isGone;

    public async Task OpenAsync(ElementReference host)
    {
        if (isOpening) return;
        isOpening = true;
        await using IJSObjectReference loaded = await script.InvokeAsync<IJSObjectReference>("import", $"./js/{module}");
        // Whoever leaves while the script is on its way leaves no element for it.
        if (isGone) return;
        opened = await loaded.InvokeAsync<IJSObjectReference>(function, host);
    }

    public async ValueTask DisposeAsync()
    {
        isGone = true;
        if (opened is null) return;
        try
        {
            await opened.InvokeVoidAsync("dispose");
            await opened.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and what it opened with it.
        }
    }
}
