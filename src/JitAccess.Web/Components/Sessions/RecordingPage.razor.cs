using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Sessions.Recordings;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Sessions;

/// <summary>Plays what was recorded of one session: asciinema-player with a search in the output and a list of commands (js/replay.js).</summary>
public sealed partial class RecordingPage(RecordingQueries recordings, IJSRuntime script) : IAsyncDisposable
{
    private readonly PageScript replay = new(script, "replay.js", "openReplay");
    private ElementReference host;
    private bool canPlay;

    [Parameter] public Guid Id { get; set; }

    /// <summary>Where to begin, in seconds.</summary>
    [SupplyParameterFromQuery(Name = "at")] public double? At { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    public ValueTask DisposeAsync() => replay.DisposeAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (canPlay && host.Id is not null) await replay.OpenAsync(host);
    }

    private static string Clock(TimeSpan at) => at.TotalHours >= 1 ? $"{(int)at.TotalHours}:{at:mm\\:ss}" : $"{at:m\\:ss}";

    private async Task<RecordingDetails> LoadAsync(CancellationToken cancellationToken) =>
        await recordings.FindAsync(Actor, Id, cancellationToken) ?? throw RefusedException.NotFound("recording");

    private void Loaded(RecordingDetails shown) => canPlay = shown.Recording.ClosedAt is not null && shown.Recording.CanPlay().IsAllowed;
}
