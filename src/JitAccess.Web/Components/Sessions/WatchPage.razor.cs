using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Sessions;

/// <summary>Somebody else's live session, only shown. Nothing that is typed here goes anywhere.</summary>
public sealed partial class WatchPage(SessionQueries queries, IJSRuntime script) : IAsyncDisposable
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

    private async Task<SessionRow> LoadAsync(CancellationToken cancellationToken)
    {
        SessionRow found = await queries.FindToWatchAsync(Actor, Id, cancellationToken) ?? throw RefusedException.NotFound("session");
        if (found.Session.IsLive) found.Session.CanWatch(Actor).ThrowIfRefused();
        return found;
    }

    private void Loaded(SessionRow shown)
    {
        if (isLoaded) return;
        (isLoaded, isLive) = (true, shown.Session.IsLive);
    }
}
