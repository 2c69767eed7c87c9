using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Threading.Channels;
using JitAccess.Web.Sessions.Gateway;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>
/// Records one session as it happens: asciicast lines, packed each second (or sooner, when there is much) as a gzip member of its own, encrypted,
/// appended. A crash loses at most what the last second brought. Thread-safe.
/// </summary>
internal sealed class Recorder : ISessionTap, IAsyncDisposable
{
    private const int PackAt = 256 * 1024;
    private const int MostWaiting = 1024 * 1024;
    private const int LongestOutput = 16 * 1024;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(900);

    private readonly Lock _gate = new();
    private readonly IRecordingFile _file;
    private readonly SealedParts.Writer _parts;
    private readonly TimeProvider _time;
    private readonly bool _recordsInput;
    private readonly long _start;
    private readonly Swapping _lines = new();
    private readonly CastWriter _cast;
    private readonly CommandFinder _finder;
    private readonly List<(TimeSpan At, string Text)> _commands = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private Task _writing = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private TimeSpan _lastEvent;
    private long _bytes;
    private bool _isOver;

    private Recorder(IRecordingFile file, SealedParts.Writer parts, TimeProvider time, bool recordsInput)
    {
        (_file, _parts, _time, _recordsInput) = (file, parts, time, recordsInput);
        _start = time.GetTimestamp();
        _cast = new CastWriter(_lines);
        _finder = new CommandFinder(Found);
        _timer = time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, Period, Period);
    }

    /// <summary>Completes with the reason, in words, when the recording cannot be written any more.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>Whether keystrokes are recorded.</summary>
    public bool RecordsInput => _recordsInput;

    /// <summary>Begins a recording; when the task ends, its beginning is stored.</summary>
    /// <exception cref="RecordingException">The store does not take it.</exception>
    public static async Task<Recorder> StartAsync(IRecordingStore store, RecordingKeys keys, Guid sessionId, string title, bool recordsInput, TimeProvider time, CancellationToken cancellationToken)
    {
        IRecordingFile file = await store.CreateAsync(sessionId, cancellationToken);
        SealedParts.Writer parts = new(keys, sessionId);
        Recorder recorder = new(file, parts, time, recordsInput);
        try
        {
            // Terminals begin at this size, until the page tells its own.
            recorder._cast.Header(80, 24, time.GetUtcNow(), title);
            await recorder.AppendAsync(parts.Header, cancellationToken);
            await recorder.PackAsync(recorder._lines.Take(), isLast: false, cancellationToken);
        }
        catch
        {
            await recorder.DisposeAsync();
            throw;
        }
        recorder._writing = recorder.WriteAsync();
        return recorder;
    }

    public async ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        while (RoomFor() is { } room) await room.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_isOver || _failed.Task.IsCompleted) return;
            TimeSpan now = Now();
            for (ReadOnlySpan<byte> rest = output.Span; rest.Length > 0; rest = rest[Math.Min(LongestOutput, rest.Length)..])
                _cast.Output(now, rest[..Math.Min(LongestOutput, rest.Length)]);
            _finder.Output(output.Span);
        }
        if (_lines.Length >= PackAt) _wake.Writer.TryWrite(true);
    }

    public void OnInput(ReadOnlySpan<byte> input)
    {
        lock (_gate)
        {
            if (_isOver || _failed.Task.IsCompleted) return;
            if (_recordsInput) _cast.Input(Now(), input);
            _finder.Input(input);
        }
    }

    public void OnResize(int columns, int rows)
    {
        lock (_gate)
        {
            if (_isOver || _failed.Task.IsCompleted) return;
            _cast.Resize(Now(), columns, rows);
            _finder.Resize(columns);
        }
    }

    /// <summary>The commands found since the last call.</summary>
    public IReadOnlyList<(TimeSpan At, string Text)> TakeCommands()
    {
        lock (_gate)
        {
            (TimeSpan, string)[] taken = [.. _commands];
            _commands.Clear();
            return taken;
        }
    }

    /// <summary>Writes the end. Afterwards nothing is recorded any more.</summary>
    /// <returns>What was stored; with the reason if it is not whole.</returns>
    public async Task<RecorderResult> FinishAsync(bool hasFailed)
    {
        lock (_gate)
        {
            if (!_isOver && !_failed.Task.IsCompleted) _cast.Exit(Now(), hasFailed ? 1 : 0);
            _isOver = true;
        }
        _wake.Writer.TryWrite(true);
        await _writing;
        lock (_gate)
            return new RecorderResult(_bytes, Convert.ToHexStringLower(_hash.GetCurrentHash()), _lastEvent, _failed.Task.IsCompleted ? _failed.Task.Result : "");
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _isOver = true;
        _wake.Writer.TryWrite(true);
        await _timer.DisposeAsync();
        await _writing;
        await _file.DisposeAsync();
        _parts.Dispose();
        _hash.Dispose();
        lock (_gate) _cast.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            for (bool isLast = false; !isLast;)
            {
                await _wake.Reader.ReadAsync();
                ReadOnlyMemory<byte> lines;
                lock (_gate)
                {
                    lines = _lines.Take();
                    isLast = _isOver;
                    _room?.TrySetResult();
                    _room = null;
                }
                if (lines.Length > 0 || isLast) await PackAsync(lines, isLast, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            // Whatever it was: a session must not go on believing that it is recorded.
            _failed.TrySetResult(exception is RecordingException ? exception.Message : $"The recording could not be written ({exception.GetType().Name}).");
            lock (_gate)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    private async Task PackAsync(ReadOnlyMemory<byte> lines, bool isLast, CancellationToken cancellationToken)
    {
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(lines, cancellationToken);
        await AppendAsync(_parts.Seal(packed.GetBuffer().AsSpan(0, (int)packed.Length), isLast), cancellationToken);
    }

    private async Task AppendAsync(byte[] part, CancellationToken cancellationToken)
    {
        await _file.AppendAsync(part, cancellationToken);
        lock (_gate)
        {
            _hash.AppendData(part);
            _bytes += part.Length;
        }
    }

    /// <summary>What to wait for before more output is taken; null if there is room.</summary>
    private Task? RoomFor()
    {
        lock (_gate)
        {
            if (_lines.Length < MostWaiting || _isOver || _failed.Task.IsCompleted) return null;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    private void Found(string command)
    {
        _cast.Marker(_lastEvent, command);
        _commands.Add((_lastEvent, command));
    }

    private TimeSpan Now() => _lastEvent = _time.GetElapsedTime(_start);

    /// <summary>Two buffers: one is written to while the other is packed.</summary>
    private sealed class Swapping : IBufferWriter<byte>
    {
        private ArrayBufferWriter<byte> _filling = new();
        private ArrayBufferWriter<byte> _taken = new();

        public int Length => _filling.WrittenCount;

        /// <summary>What was written; valid until the next call.</summary>
        public ReadOnlyMemory<byte> Take()
        {
            // An idle session holds no large buffers.
            if (_taken.Capacity > 16 * 1024) _taken = new ArrayBufferWriter<byte>();
            else _taken.ResetWrittenCount();
            (_filling, _taken) = (_taken, _filling);
            return _taken.WrittenMemory;
        }

        public void Advance(int count) => _filling.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => _filling.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _filling.GetSpan(sizeHint);
    }
}

/// <summary>What was stored of a recording.</summary>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Its hash, in lower-case hexadecimal.</param>
/// <param name="Duration">Time of the last event.</param>
/// <param name="Failure">Why it is not whole; empty if it is.</param>
internal sealed record RecorderResult(long Bytes, string Sha256, TimeSpan Duration, string Failure);
