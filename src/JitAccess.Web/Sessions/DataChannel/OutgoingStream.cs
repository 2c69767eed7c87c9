using System.Diagnostics.CodeAnalysis;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// One direction's messages from our side: numbers them, keeps each until it is acknowledged and says which frame to
/// send next. It outlives connections. Thread-safe.
/// </summary>
public sealed class OutgoingStream(string messageType, TimeProvider time, MessageFlags flagsOfFirst = MessageFlags.None)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Entry> _unacknowledged = [];
    private readonly RetransmissionTimeout _timeout = new();
    private Queue<Entry> _unsent = new();
    private Queue<Entry> _sent = new();
    private long _nextSequenceNumber;

    /// <summary>Number of messages that nobody acknowledged yet.</summary>
    public int Unacknowledged
    {
        get
        {
            lock (_gate)
                return _unacknowledged.Count;
        }
    }

    /// <summary>How often the oldest message that waits for its acknowledgement was sent again.</summary>
    public int ResendsOfOldest
    {
        get
        {
            lock (_gate)
                return TryPeekOldest(out Entry? oldest) ? oldest.Resends : 0;
        }
    }

    /// <summary>Adds a message behind all others.</summary>
    public void Enqueue(PayloadType payloadType, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            long sequenceNumber = _nextSequenceNumber++;
            AgentMessage message = new()
            {
                MessageType = messageType,
                CreatedDate = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds(),
                SequenceNumber = sequenceNumber,
                Flags = sequenceNumber == 0 ? flagsOfFirst : MessageFlags.None,
                PayloadType = payloadType,
                Payload = payload,
            };
            Entry entry = new(message.ToArray(), payloadType);
            _unacknowledged.Add(sequenceNumber, entry);
            _unsent.Enqueue(entry);
        }
    }

    /// <summary>The next frame that is due now: one never sent on this connection, else the oldest whose wait is over.</summary>
    public bool TryTakeDue(out ReadOnlyMemory<byte> frame)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            while (_unsent.TryDequeue(out Entry? next))
            {
                if (next.IsAcknowledged)
                    continue;
                next.LastSent = now;
                _sent.Enqueue(next);
                frame = next.Frame;
                return true;
            }

            if (TryPeekOldest(out Entry? oldest) && time.GetElapsedTime(oldest.LastSent, now) > _timeout.Current)
            {
                oldest.LastSent = now;
                oldest.Resends++;
                frame = oldest.Frame;
                return true;
            }

            frame = default;
            return false;
        }
    }

    /// <summary>Takes note of an acknowledgement; false when the message is not waited for (any more).</summary>
    public bool Acknowledge(Acknowledge acknowledge, out PayloadType payloadType)
    {
        payloadType = default;
        lock (_gate)
        {
            if (!_unacknowledged.Remove(acknowledge.AcknowledgedMessageSequenceNumber, out Entry? entry))
                return false;
            entry.IsAcknowledged = true;
            payloadType = entry.PayloadType;

            // A message sent twice does not tell which of the two was acknowledged.
            if (entry.LastSent != 0 && entry.Resends == 0)
                _timeout.Observe(time.GetElapsedTime(entry.LastSent));
            return true;
        }
    }

    /// <summary>After a new connection: everything unacknowledged is due at once, in order.</summary>
    public void SendAllAgain()
    {
        lock (_gate)
        {
            foreach (Entry entry in _sent.Where(e => !e.IsAcknowledged))
                entry.Resends++;
            _unsent = new Queue<Entry>(_sent.Concat(_unsent).Where(e => !e.IsAcknowledged));
            _sent = new Queue<Entry>();
        }
    }

    private bool TryPeekOldest([NotNullWhen(true)] out Entry? oldest)
    {
        while (_sent.TryPeek(out oldest) && oldest.IsAcknowledged)
            _sent.Dequeue();
        return oldest is not null;
    }

    private sealed class Entry(byte[] frame, PayloadType payloadType)
    {
        public PayloadType PayloadType { get; } = payloadType;
        public byte[] Frame { get; } = frame;
        public long LastSent { get; set; }
        public int Resends { get; set; }
        public bool IsAcknowledged { get; set; }
    }
}
