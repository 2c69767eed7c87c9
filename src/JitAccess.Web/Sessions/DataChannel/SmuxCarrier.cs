namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Many streams in one port session, in smux frames. The client's streams have odd ids, from 3.</summary>
/// <param name="send">Sends a whole frame, with nothing in between.</param>
/// <param name="time">The clock.</param>
internal sealed class SmuxCarrier(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, TimeProvider time) : IPortCarrier
{
    private const uint FirstId = 3;
    private const int MostStreams = 1024;

    // A refusal names no stream; it and the end of the stream that it means come shortly after each other.
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly SmuxDecoder _decoder = new();
    private readonly SortedDictionary<uint, PortStream> _streams = [];
    private readonly List<PortStream> _endedSilently = [];
    private uint _nextId = FirstId;
    private int _refusals;

    public async ValueTask<PortStream> OpenAsync(CancellationToken cancellationToken)
    {
        PortStream stream;
        lock (_gate)
        {
            if (_streams.Count >= MostStreams || _nextId > uint.MaxValue - 2)
                throw new PortSessionException("Too many connections are open in this port session.");
            stream = new PortStream(this, _nextId);
            _nextId += 2;
            _streams.Add(stream.Id, stream);
        }

        try
        {
            await send(SmuxFrame.Write(SmuxCommand.Open, stream.Id), cancellationToken);
            return stream;
        }
        catch
        {
            Forget(stream);
            throw;
        }
    }

    public ValueTask SendAsync(PortStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        send(SmuxFrame.Write(SmuxCommand.Push, stream.Id, data.Span), cancellationToken);

    public ValueTask FinishAsync(PortStream stream) => send(SmuxFrame.Write(SmuxCommand.Finish, stream.Id), CancellationToken.None);

    /// <summary>A sign of life, which old nodes want.</summary>
    public ValueTask KeepAliveAsync() => send(SmuxFrame.Write(SmuxCommand.KeepAlive, 0), CancellationToken.None);

    public void Forget(PortStream stream)
    {
        lock (_gate)
            _streams.Remove(stream.Id);
    }

    public Task? Take(ReadOnlySpan<byte> bytes)
    {
        HashSet<PortStream> touched = [];
        while (_decoder.TryRead(ref bytes, out SmuxPart part))
        {
            // Streams that are closed here, or that the node would begin, are nobody's.
            if (Find(part.StreamId) is not { } stream)
                continue;
            if (part.Command == SmuxCommand.Push)
            {
                stream.Take(part.Data);
                touched.Add(stream);
            }
            else if (part.Command == SmuxCommand.Finish)
            {
                touched.Remove(stream);
                Finish(stream);
            }
        }

        if (_decoder.IsBroken)
            return null;
        List<Task> full = [];
        foreach (PortStream stream in touched)
            if (stream.Show() is { } room)
                full.Add(room);
        return Task.WhenAll(full);
    }

    public void Refuse()
    {
        PortStream? refused;
        lock (_gate)
        {
            refused = _endedSilently.FirstOrDefault();
            List<PortStream> silent = [.. _streams.Values.Where(stream => !stream.HasReceived && !stream.IsFinished)];
            if (refused is not null)
                _endedSilently.Remove(refused);
            else if (silent is [PortStream single])
                refused = single;
            else
                _refusals++;
        }

        refused?.Fail(Refused());
    }

    public void Disconnect()
    {
        // Each stream has an end of its own.
    }

    public void End(Exception failure, bool isOrderly)
    {
        PortStream[] all;
        lock (_gate)
            all = [.. _streams.Values];
        foreach (PortStream stream in all)
            stream.Fail(failure);
    }

    private void Finish(PortStream stream)
    {
        if (stream.HasReceived || stream.IsFinished)
        {
            stream.Finish();
            return;
        }

        lock (_gate)
        {
            if (_refusals == 0)
            {
                _endedSilently.Add(stream);
                _ = FinishLaterAsync(stream);
                return;
            }

            _refusals--;
        }

        stream.Fail(Refused());
    }

    // Nothing was received, and nothing more will be: this and the reader do not meet.
    private async Task FinishLaterAsync(PortStream stream)
    {
        await Task.Delay(RefusalPatience, time);
        lock (_gate)
            if (!_endedSilently.Remove(stream))
                return;
        stream.Finish();
    }

    private PortStream? Find(uint id)
    {
        lock (_gate)
            return _streams.GetValueOrDefault(id);
    }

    private static PortSessionException Refused() => new("The node could not connect to the destination port.", isRefused: true);
}
