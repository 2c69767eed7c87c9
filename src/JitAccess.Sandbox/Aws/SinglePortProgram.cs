using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>One connection at a time in a port session, its bytes as they are: what old agents do, and all do for SSH.</summary>
internal sealed class SinglePortProgram(PortDestination destination, string localPort, string? type)
    : PortNodeProgram(destination, localPort, type)
{
    private readonly PortDestination to = destination;
    private readonly bool connectsAgain = type == LocalPortForwarding;
    private readonly List<NodeConnection> connections = [];
    private NodeConnection? current;
    private INodeOutput output = null!;

    public override void Start(INodeOutput output)
    {
        to.ThrowIfForbidden();
        this.output = output;
        Connect();
    }

    public override void TakeInput(byte[] input)
    {
        if (current is null || (connectsAgain && current.HasEnded))
            Connect();
        CountTaken(input.Length);
        if (!current!.Write(input))
            CountUsed(input.Length);
    }

    public override void TakeFlag(ChannelFlag flag)
    {
        if (flag != ChannelFlag.DisconnectToPort)
            return;
        // Forgotten first: its end is not the session's any more.
        NodeConnection? left = current;
        current = null;
        left?.Close();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (NodeConnection connection in connections)
            connection.Close();
        await Task.WhenAll(connections.Select(connection => connection.Completion));
    }

    private void Connect()
    {
        NodeConnection connection = new();
        current = connection;
        connections.Add(connection);
        connection.Start(
            to,
            // What a connection still had to say when the client left it is for nobody.
            data => ReferenceEquals(current, connection) && output.Send(PayloadType.Output, data),
            CountUsed,
            failure => End(connection, failure));
    }

    private void End(NodeConnection connection, Exception? failure)
    {
        if (failure is ForbiddenDestinationException)
            output.Finish(failure.Message);
        else if (failure is not null && output.Send(PayloadType.Flag, ChannelFlags.Write(ChannelFlag.ConnectToPortError)))
            output.Finish("Unable to connect to specified port.");
        else if (!ReferenceEquals(current, connection))
            return;
        else if (connectsAgain)
            output.Send(PayloadType.Flag, ChannelFlags.Write(ChannelFlag.DisconnectToPort));
        else
            output.Finish();
    }
}
