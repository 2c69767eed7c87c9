using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>Collects what the application's own client of the data channel delivers.</summary>
internal sealed class ShownText : IDataChannelListener, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Screen screen = new();
    private readonly SemaphoreSlim changed = new(0);

    public async Task<string> ShowsAsync(string text)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (true)
        {
            if (screen.ToString() is { } all && all.Contains(text, StringComparison.Ordinal))
                return all;
            await changed.WaitAsync(deadline.Token);
        }
    }

    public void Dispose() => changed.Dispose();

    public ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        screen.Show(output.Span);
        changed.Release();
        return ValueTask.CompletedTask;
    }

    public void OnMessage(string text) => Assert.Fail($"The service has no lines to say, but said: {text}");

    public void OnStatus(ChannelStatus status)
    {
        // Cuts are made by the test itself.
    }

    public void OnDefect(FrameDefect defect) => Assert.Fail($"The emulator sent a frame with a defect: {defect}");
}
