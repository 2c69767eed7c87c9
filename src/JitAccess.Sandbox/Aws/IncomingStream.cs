using System.Diagnostics.CodeAnalysis;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>Puts the client's stream messages in order; survives connections like its counterpart.</summary>
internal sealed class IncomingStream
{
    private const int MostEarly = 1000;

    private readonly Dictionary<long, AgentMessage> early = [];
    private long expected;

    /// <summary>
    /// Whether the message may be acknowledged: it is the next one, came early and is kept, or was processed before
    /// (then its acknowledgement was lost). What may not will be sent again.
    /// </summary>
    public bool Accept(AgentMessage message)
    {
        if (message.SequenceNumber < expected)
            return true;
        if (message.SequenceNumber > expected && early.Count >= MostEarly)
            return false;
        early[message.SequenceNumber] = message;
        return true;
    }

    /// <summary>Takes the next message in order, if it has arrived.</summary>
    public bool TryTake([NotNullWhen(true)] out AgentMessage? message)
    {
        if (!early.Remove(expected, out message))
            return false;
        expected++;
        return true;
    }
}
