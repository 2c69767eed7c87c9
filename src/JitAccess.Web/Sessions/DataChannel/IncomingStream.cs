using System.Diagnostics.CodeAnalysis;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// The order of the other side's stream messages: says of each what to do with it and keeps those that came too early.
/// It outlives connections. Not thread-safe: one reader.
/// </summary>
public sealed class IncomingStream
{
    private const int MostEarlyMessages = 10_000;
    private const int MostEarlyBytes = 8 * 1024 * 1024;

    private readonly Dictionary<long, AgentMessage> _early = [];
    private int _earlyBytes;

    /// <summary>The sequence number that is delivered next.</summary>
    public long Expected { get; private set; }

    /// <summary>Decides about a message that arrived.</summary>
    public Arrival Accept(AgentMessage message)
    {
        if (message.SequenceNumber < Expected)
            return Arrival.Duplicate;
        if (message.SequenceNumber == Expected)
            return Arrival.InOrder;
        if (_early.ContainsKey(message.SequenceNumber))
            return Arrival.Duplicate;
        if (_early.Count >= MostEarlyMessages || _earlyBytes + message.Payload.Length > MostEarlyBytes)
            return Arrival.Refused;

        // The message shares the receive buffer, which the next frame overwrites.
        _early.Add(message.SequenceNumber, message.WithPayload(message.Payload.ToArray()));
        _earlyBytes += message.Payload.Length;
        return Arrival.Early;
    }

    /// <summary>The expected message, if it came early and its turn is now.</summary>
    public bool TryGetExpected([NotNullWhen(true)] out AgentMessage? message) => _early.TryGetValue(Expected, out message);

    /// <summary>The expected message was delivered. Until then it counts as not arrived, or stays kept.</summary>
    public void Advance()
    {
        if (_early.Remove(Expected, out AgentMessage? delivered))
            _earlyBytes -= delivered.Payload.Length;
        Expected++;
    }
}

/// <summary>What to do with a stream message.</summary>
public enum Arrival
{
    /// <summary>Deliver it, acknowledge it, then advance.</summary>
    InOrder,

    /// <summary>It is kept until its turn; acknowledge it.</summary>
    Early,

    /// <summary>It was delivered or is kept already; acknowledge it again, for the first acknowledgement may be lost.</summary>
    Duplicate,

    /// <summary>Too many came early. No acknowledgement: the other side sends it again.</summary>
    Refused,
}
