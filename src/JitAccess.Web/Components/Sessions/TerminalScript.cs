using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Sessions;

/// <summary>js/terminal.js on one element, opened once and closed with its page.</summary>
internal sealed class TerminalScript(IJSRuntime script) : IAsyncDisposable
{
    private IJSObjectReference? terminal;
    private bool isOpening;
    private bool isGone;

    public async Task OpenAsync(ElementReference host)
    {
        if (isOpening) return;
        isOpening = true;
        await using IJSObjectReference module = await script.InvokeAsync<IJSObjectReference>("import", "./js/terminal.js");
        // Whoever leaves while the script is on its way leaves no element for it.
        if (isGone) return;
        terminal = await module.InvokeAsync<IJSObjectReference>("openTerminal", host);
    }

    public async ValueTask DisposeAsync()
    {
        isGone = true;
        if (terminal is null) return;
        try
        {
            await terminal.InvokeVoidAsync("dispose");
            await terminal.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the terminal with it.
        }
    }
}
