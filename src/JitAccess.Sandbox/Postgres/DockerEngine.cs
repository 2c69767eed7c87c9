using System.IO.Pipes;
using System.Net.Sockets;

namespace JitAccess.Sandbox.Postgres;

/// <summary>Whether a Docker engine answers: asked quickly, because most machines without one have no socket at all.</summary>
internal static class DockerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Null when an engine answers, otherwise why none does.</summary>
    public static async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        foreach (Uri endpoint in Endpoints())
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(Patience);
            try
            {
                if (await AnswersAsync(endpoint, deadline.Token))
                    return null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or SocketException)
            {
                return $"The Docker engine at {endpoint} does not answer: {e.Message}";
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return $"The Docker engine at {endpoint} does not answer within {Patience.TotalSeconds} s.";
            }
        }
        return "There is no Docker engine: DOCKER_HOST is not set and no socket is in the usual places.";
    }

    private static IEnumerable<Uri> Endpoints()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } configured)
        {
            yield return new Uri(configured);
            yield break;
        }
        if (OperatingSystem.IsWindows())
        {
            if (File.Exists(@"\\.\pipe\docker_engine"))
                yield return new Uri("npipe://./pipe/docker_engine");
            yield break;
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] sockets =
        [
            "/var/run/docker.sock",
            Path.Combine(home, ".docker/run/docker.sock"),
            Path.Combine(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? "/run/user/none", "docker.sock"),
        ];
        foreach (string socket in sockets.Where(File.Exists))
            yield return new Uri("unix://" + socket);
    }

    private static async Task<bool> AnswersAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        // An engine behind TLS asks for a client certificate: that it listens is answer enough.
        bool tls = Environment.GetEnvironmentVariable("DOCKER_TLS_VERIFY") is { Length: > 0 };
        using SocketsHttpHandler handler = new() { ConnectCallback = (_, cancel) => ConnectAsync(endpoint, cancel) };
        if (endpoint.Scheme == "tcp" && tls)
        {
            await using Stream connection = await ConnectAsync(endpoint, cancellationToken);
            return true;
        }
        using HttpClient client = new(handler);
        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://docker/_ping"), cancellationToken);
        return answer.IsSuccessStatusCode
            ? true
            : throw new HttpRequestException($"it says {(int)answer.StatusCode}");
    }

    private static async ValueTask<Stream> ConnectAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Scheme == "npipe")
        {
            NamedPipeClientStream pipe = new(endpoint.Host, endpoint.AbsolutePath.Replace("/pipe/", "", StringComparison.Ordinal), PipeDirection.InOut, PipeOptions.Asynchronous);
            await pipe.ConnectAsync(cancellationToken);
            return pipe;
        }
        bool unix = endpoint.Scheme == "unix";
        Socket socket = unix
            ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (unix)
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.AbsolutePath), cancellationToken);
            else
                await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
