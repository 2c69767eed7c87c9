using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// The node's stream messages: numbered once for the whole life of the session and kept until acknowledged, whatever
/// becomes of the connections in between.
/// </summary>
internal sealed class OutgoingStream(TimeProvider clock)
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastVariation = TimeSpan.FromMilliseconds(10);

    private readonly LinkedList<Unacknowledged> unacknowledged = [];
    private readonly Dictionary<long, LinkedListNode<Unacknowledged>> bySequence = [];
    private long next;
    private TimeSpan roundTrip = TimeSpan.FromMilliseconds(100);
    private TimeSpan variation;
    private TimeSpan timeout = TimeSpan.FromMilliseconds(200);

    public int Count => unacknowledged.Count;

    /// <summary>All frames that wait for their acknowledgement, in order; they count as sent now.</summary>
    public IEnumerable<byte[]> Resend()
    {
        foreach (Unacknowledged message in unacknowledged)
        {
            message.Sent(clock.GetTimestamp());
            yield return message.Frame;
        }
    }

    /// <summary>The next message of the stream as a frame.</summary>
    public byte[] Add(PayloadType type, ReadOnlyMemory<byte> payload)
    {
        byte[] frame = new AgentMessage
        {
            MessageType = MessageTypes.OutputStreamData,
            CreatedDate = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds(),
            SequenceNumber = next,
            Flags = next == 0 ? MessageFlags.First : MessageFlags.None,
            PayloadType = type,
            Payload = payload,
        }.ToArray();
        bySequence[next] = unacknowledged.AddLast(new Unacknowledged(frame, clock.GetTimestamp()));
        next++;
        return frame;
    }

    public void Acknowledge(long sequence)
    {
        if (!bySequence.Remove(sequence, out LinkedListNode<Unacknowledged>? node))
            return;
        unacknowledged.Remove(node);
        // A repeated message's acknowledgement may belong to either sending; it says nothing about the time it took.
        if (!node.Value.WasRepeated)
            Learn(clock.GetElapsedTime(node.Value.SentAt));
    }

    /// <summary>The oldest frame, when its acknowledgement is overdue.</summary>
    public byte[]? Overdue()
    {
        if (unacknowledged.First is not { Value: { } oldest } || clock.GetElapsedTime(oldest.SentAt) <= timeout)
            return null;
        oldest.Sent(clock.GetTimestamp());
        return oldest.Frame;
    }

    public void Clear()
    {
        unacknowledged.Clear();
        bySequence.Clear();
    }

    private void Learn(TimeSpan taken)
    {
        variation = (variation * 0.75) + ((roundTrip - taken).Duration() * 0.25);
        roundTrip = (roundTrip * 0.875) + (taken * 0.125);
        TimeSpan margin = variation * 4 > LeastVariation ? variation * 4 : LeastVariation;
        timeout = roundTrip + margin < LongestTimeout ? roundTrip + margin : LongestTimeout;
    }

    private sealed class Unacknowledged(byte[] frame, long sentAt)
    {
        public byte[] Frame { get; } = frame;

        public long SentAt { get; private set; } = sentAt;

        public bool WasRepeated { get; private set; }

        public void Sent(long at)
        {
            SentAt = at;
            WasRepeated = true;
        }
    }
}
