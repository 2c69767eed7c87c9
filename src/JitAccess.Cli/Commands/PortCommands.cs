using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using JitAccess.Cli.Client;
using JitAccess.Cli.Terminal;

namespace JitAccess.Cli.Commands;

/// <summary>Connections to ports through a node: for any program, and for ssh.</summary>
internal static class PortCommands
{
    private const int SshPort = 22;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary><c>jit forward NODE 5432[:host:5432]</c></summary>
    public static Command Forward(CommandFactory commands)
    {
        Argument<string> node = Node();
        Argument<string> spec = new("ports") { Description = "5432, or 15432:5432, or 15432:db.internal:5432: a port here, the host behind the node, the port there. 0 here takes a free one" };
        return commands.Create("forward", "Carry connections to a port of a node, or of a host behind it", async (parsed, cancellationToken) =>
        {
            CliContext context = commands.Context;
            PortSpec ports = PortSpec.Parse(parsed.GetRequiredValue(spec)) ?? throw new CliException(ExitCode.Usage, $"“{parsed.GetValue(spec)}” is none of 5432, 15432:5432, 15432:host:5432.");
            JitClient client = new(context);
            using TcpListener listener = Listen(ports.Local);
            (Node found, Opened opened) = await OpenAsync(client, parsed.GetRequiredValue(node), ports.Host, ports.Remote, cancellationToken);
            int local = ((IPEndPoint)listener.LocalEndpoint).Port;
            context.Error.WriteLine($"127.0.0.1:{local} leads to {ports.Host ?? Texts.Printable(found.Name)}:{ports.Remote} until {Texts.Local(opened.EndsAt)} at the latest. Ctrl-C ends it.");
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<string> ended = UntilOverAsync(client, opened.Id, context, over.Token);
            Task accepting = AcceptAsync(listener, new PortLink(client, new Uri(client.Server, opened.SocketPath)), context, over.Token);
            await Task.WhenAny(ended, accepting);
            bool isOver = ended.IsCompletedSuccessfully;
            await over.CancelAsync();
            await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isOver) context.Error.WriteLine(Texts.Printable(await ended));
            else await client.PostAsync($"sessions/{opened.Id}/end", null, CancellationToken.None);
            return ExitCode.Done;
        }, node, spec);
    }

    /// <summary><c>jit ssh-proxy NODE</c>, for ssh's <c>ProxyCommand</c>.</summary>
    public static Command SshProxy(CommandFactory commands)
    {
        Argument<string> node = Node();
        Option<int> port = new("--port", "-p") { Description = "The port of the node's SSH server", DefaultValueFactory = _ => SshPort };
        return commands.Create("ssh-proxy", "Carry one connection to the node's SSH server over standard input and output, for ssh's ProxyCommand", async (parsed, cancellationToken) =>
        {
            JitClient client = new(commands.Context);
            (_, Opened opened) = await OpenAsync(client, parsed.GetRequiredValue(node), null, parsed.GetValue(port), cancellationToken);
            try
            {
                await using Stream input = commands.Context.OpenInput(), output = commands.Context.OpenOutput();
                string? failure = await new PortLink(client, new Uri(client.Server, opened.SocketPath)).RunAsync(input, output, cancellationToken);
                return failure is null ? ExitCode.Done : throw new CliException(ExitCode.Failed, failure);
            }
            finally
            {
                await client.PostAsync($"sessions/{opened.Id}/end", null, CancellationToken.None);
            }
        }, node, port);
    }

    private static Argument<string> Node() => new("node") { Description = "A node's id, or its whole name" };

    private static TcpListener Listen(int port)
    {
        TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new CliException(ExitCode.Failed, $"127.0.0.1:{port} cannot be listened on: {exception.Message}");
        }
    }

    private static async Task<(Node, Opened)> OpenAsync(JitClient client, string node, string? host, int port, CancellationToken cancellationToken)
    {
        (Node found, Guid request) = await Find.OpenNodeAsync(client, node, cancellationToken);
        return (found, Wire.Read<Opened>(await client.MakeAsync("sessions", new { requestId = request, port, host }, cancellationToken)));
    }

    private static async Task AcceptAsync(TcpListener listener, PortLink link, CliContext context, CancellationToken cancellationToken)
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                TcpClient accepted = await listener.AcceptTcpClientAsync(cancellationToken);
                open.RemoveAll(one => one.IsCompleted);
                open.Add(CarryAsync(accepted, link, context, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One connection that fails is told, and the others go on.
    private static async Task CarryAsync(TcpClient accepted, PortLink link, CliContext context, CancellationToken cancellationToken)
    {
        using (accepted)
        {
            try
            {
                accepted.NoDelay = true;
                NetworkStream stream = accepted.GetStream();
                if (await link.RunAsync(stream, stream, cancellationToken) is { } failure) context.Error.WriteLine(Texts.Printable(failure));
            }
            catch (CliException exception)
            {
                context.Error.WriteLine(Texts.Printable(exception.Message));
            }
            catch (Exception exception) when (exception is IOException or SocketException or HttpRequestException)
            {
                context.Error.WriteLine(exception.Message);
            }
        }
    }

    /// <summary>Waits until the session is over on the server, and tells why.</summary>
    private static async Task<string> UntilOverAsync(JitClient client, Guid session, CliContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(LookEvery, context.Time, cancellationToken);
            try
            {
                OwnSession? own = (await client.AllAsync("sessions/own", 100, cancellationToken)).Select(Wire.Read<OwnSession>).FirstOrDefault(one => one.Id == session);
                if (own is { EndedAt: not null }) return own.EndReason;
            }
            catch (HttpRequestException)
            {
                // The network is away; the session may not be.
            }
        }
    }
}
