using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>Keeps everything it hears; can be held back to play a slow consumer.</summary>
internal sealed class Listener : IDataChannelListener
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private TaskCompletionSource? _hold;

    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<ChannelStatus> Statuses { get; } = new();

    public ConcurrentQueue<FrameDefect> Defects { get; } = new();

    public string Output
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_output.WrittenSpan);
        }
    }

    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _hold!.SetResult();

    public async ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        if (_hold is { } hold)
            await hold.Task.WaitAsync(cancellationToken);
        lock (_gate)
            _output.Write(output.Span);
    }

    public void OnMessage(string text) => Messages.Enqueue(text);

    public void OnStatus(ChannelStatus status) => Statuses.Enqueue(status);

    public void OnDefect(FrameDefect defect) => Defects.Enqueue(defect);
}
