using System.Threading.Channels;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Live;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Shared;

/// <summary>Loads, shows, and loads again on changes. A load that fails keeps what is on the screen, says so, and is tried again.</summary>
public sealed partial class LiveView<T>(LiveChanges changes, Failures failures, TimeProvider clock) : IDisposable
{
    // Several changes within this time are shown by one load.
    private static readonly TimeSpan Throttle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource gone = new();
    // True when a change asks for it, false when the person does.
    private readonly Channel<bool> wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IDisposable? subscription;
    private Actor? reader;
    private IReadOnlySet<string>? keys;
    private object? loadedQuery;
    private T? value;
    private bool hasValue;
    private Failure? failure;

    [Parameter, EditorRequired] public Func<CancellationToken, Task<T>> Load { get; set; } = null!;

    /// <summary>The topics whose changes load again.</summary>
    [Parameter] public ChangeTopic On { get; set; }

    /// <summary>What the load depends on; another value loads again.</summary>
    [Parameter] public object? Query { get; set; }

    /// <summary>What is loaded, in words: <c>nodes</c>.</summary>
    [Parameter] public string Of { get; set; } = "the page";

    /// <summary>True for what makes up a whole page, title included.</summary>
    [Parameter] public bool IsPage { get; set; }

    /// <summary>True for something small beside the page: nothing is shown while it loads or fails.</summary>
    [Parameter] public bool Quiet { get; set; }

    /// <summary>Told of every value before it is shown.</summary>
    [Parameter] public EventCallback<T> OnLoaded { get; set; }

    /// <summary>Shows the value; null when only <see cref="OnLoaded"/> takes it.</summary>
    [Parameter] public RenderFragment<T>? ChildContent { get; set; }

    [CascadingParameter] private Actor? Actor { get; set; }

    /// <summary>Loads again soon.</summary>
    public void Reload() => wanted.Writer.TryWrite(false);

    public void Dispose()
    {
        subscription?.Dispose();
        gone.Cancel();
        gone.Dispose();
    }

    protected override void OnInitialized()
    {
        loadedQuery = Query;
        // Subscribed before the first read: a change in between is read twice rather than missed.
        if (On != default) subscription = changes.Subscribe(On, ReloadAsync);
        Reload();
        _ = LoadWheneverWantedAsync(gone.Token);
    }

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(reader, Actor)) (reader, keys) = (Actor, Actor is null or { MayReadEverything: true } ? null : Approver.KeysOf(Actor));
        if (Equals(loadedQuery, Query)) return;
        loadedQuery = Query;
        Reload();
    }

    // May come on any thread; the loop below goes on in the circuit's own context.
    private Task ReloadAsync(Change change)
    {
        if (change.Concerns(keys)) wanted.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    private async Task LoadWheneverWantedAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await wanted.Reader.WaitToReadAsync(cancellationToken))
            {
                wanted.Reader.TryRead(out bool isByChange);
                if (isByChange) await changes.ReadAgainAsync(LoadOnceAsync, cancellationToken);
                else await LoadOnceAsync(cancellationToken);
                bool again = failure is { IsTransient: true };
                await Task.Delay(again ? RetryAfter : Throttle, clock, cancellationToken);
                if (again) Reload();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private async Task LoadOnceAsync(CancellationToken cancellationToken)
    {
        // Whatever came while this waited for its turn is read now.
        wanted.Reader.TryRead(out _);
        try
        {
            value = await Load(cancellationToken);
            (hasValue, failure) = (true, null);
            await OnLoaded.InvokeAsync(value);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            failure = failures.Describe(exception);
        }

        StateHasChanged();
    }
}
