using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>The way from a program on the node to the session's client. Both calls block: they are for threads of the program's own.</summary>
internal interface INodeOutput
{
    /// <summary>Sends bytes, in as many messages as it takes and without other messages between them; waits while too many are unacknowledged. False when the session is over.</summary>
    bool Send(PayloadType type, ReadOnlySpan<byte> content);

    /// <summary>The program has ended: ends the session once everything sent was acknowledged.</summary>
    void Finish(string message = "");
}
