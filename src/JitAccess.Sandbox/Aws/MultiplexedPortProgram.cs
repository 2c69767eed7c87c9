using System.Collections.Concurrent;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>Many connections in one port session, in smux frames: the server's side.</summary>
internal sealed class MultiplexedPortProgram(PortDestination destination, string localPort)
    : PortNodeProgram(destination, localPort, LocalPortForwarding)
{
    private readonly PortDestination to = destination;
    private readonly SmuxDecoder decoder = new();
    private readonly ConcurrentDictionary<uint, NodeConnection> connections = new();
    private INodeOutput output = null!;

    public override void Start(INodeOutput output)
    {
        to.ThrowIfForbidden();
        this.output = output;
    }

    public override void TakeInput(byte[] input)
    {
        ReadOnlySpan<byte> rest = input;
        while (decoder.TryRead(ref rest, out SmuxPart part))
        {
            if (part.Command == SmuxCommand.Open)
                Open(part.StreamId);
            else if (part.Command == SmuxCommand.Finish && connections.TryGetValue(part.StreamId, out NodeConnection? ending))
                ending.CompleteWrites();
            else if (part.Command == SmuxCommand.Push && connections.TryGetValue(part.StreamId, out NodeConnection? connection))
                Write(connection, part.Data.ToArray());
        }

        if (decoder.IsBroken)
            _ = OnItsOwnThread(() => output.Finish("The client sent something that is no stream of connections."));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (NodeConnection connection in connections.Values)
            connection.Close();
        await Task.WhenAll(connections.Values.Select(connection => connection.Completion));
    }

    private void Open(uint id)
    {
        NodeConnection connection = new();
        if (!connections.TryAdd(id, connection))
            return;
        connection.Start(
            to,
            data =>
            {
                for (; !data.IsEmpty; data = data[Math.Min(data.Length, SmuxFrame.LongestData)..])
                    if (!output.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Push, id, data[..Math.Min(data.Length, SmuxFrame.LongestData)])))
                        return false;
                return true;
            },
            CountUsed,
            failure => End(id, failure));
        // Both directions have ended: the id is free, and nothing of it is kept.
        _ = connection.Completion.ContinueWith(_ => connections.TryRemove(id, out NodeConnection? _), TaskScheduler.Default);
    }

    private void Write(NodeConnection connection, byte[] data)
    {
        CountTaken(data.Length);
        if (!connection.Write(data))
            CountUsed(data.Length);
    }

    private void End(uint id, Exception? failure)
    {
        if (failure is ForbiddenDestinationException)
        {
            output.Finish(failure.Message);
            return;
        }

        if (failure is not null)
            output.Send(PayloadType.Flag, ChannelFlags.Write(ChannelFlag.ConnectToPortError));
        output.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Finish, id));
    }
}
