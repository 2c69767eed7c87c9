using System.Globalization;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace JitAccess.Web.Components.Sessions;

/// <summary>
/// The whole window for one session. The page renders the bar; the terminal itself is js/terminal.js on a socket of its
/// own, so that it outlives a lost circuit.
/// </summary>
public sealed partial class TerminalPage(SessionQueries queries, SessionService sessions, IDialogService dialogs, IJSRuntime script) : IAsyncDisposable
{
    private readonly PageScript terminal = new(script, "terminal.js", "openTerminal");
    private ElementReference host;
    private bool isLoaded;
    private bool isLive;

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    public ValueTask DisposeAsync() => terminal.DisposeAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (isLive && host.Id is not null) await terminal.OpenAsync(host);
    }

    private static string EndsAt(SessionDetails shown) => shown.Grant.EndsAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private async Task<SessionDetails> LoadAsync(CancellationToken cancellationToken) =>
        await queries.FindAsync(Actor, Id, cancellationToken) ?? throw RefusedException.NotFound("session");

    private void Loaded(SessionDetails shown)
    {
        // The first load decides: when the session ends later, the terminal says so itself, below the last output.
        if (isLoaded) return;
        (isLoaded, isLive) = (true, shown.Session.IsLive);
    }

    private async Task EndAsync()
    {
        if (await ConfirmDialog.AskAsync(dialogs, "End this session?", "Programs that run in it are ended.", "End session", "Keep it open"))
            await sessions.EndAsync(Actor, Id, CancellationToken.None);
    }
}
