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
    private readonly ArrayBufferWriter<byte> _errorOutput = new();
    private TaskCompletionSource? _hold;

    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<ChannelStatus> Statuses { get; } = new();

    public ConcurrentQueue<FrameDefect> Defects { get; } = new();

    public ConcurrentQueue<int> ExitCodes { get; } = new();

    public ConcurrentQueue<ChannelFlag> Flags { get; } = new();

    public SessionOpening? Opening { get; private set; }

    public string ErrorOutput
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_errorOutput.WrittenSpan);
        }
    }

    /// <summary>All output as bytes.</summary>
    public byte[] Bytes
    {
        get
        {
            lock (_gate)
                return _output.WrittenSpan.ToArray();
        }
    }

    public int Length
    {
        get
        {
            lock (_gate)
                return _output.WrittenCount;
        }
    }

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

    public ValueTask OnErrorOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        lock (_gate)
            _errorOutput.Write(output.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnExitCodeAsync(int exitCode, CancellationToken cancellationToken)
    {
        ExitCodes.Enqueue(exitCode);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnFlagAsync(ChannelFlag flag, CancellationToken cancellationToken)
    {
        Flags.Enqueue(flag);
        return ValueTask.CompletedTask;
    }

    public void OnReady(SessionOpening opening)
    {
        Assert.Null(Opening);
        Opening = opening;
    }

    public void OnMessage(string text) => Messages.Enqueue(text);

    public void OnStatus(ChannelStatus status) => Statuses.Enqueue(status);

    public void OnDefect(FrameDefect defect) => Defects.Enqueue(defect);
}
