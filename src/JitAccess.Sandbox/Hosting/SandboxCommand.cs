namespace JitAccess.Sandbox.Hosting;

/// <summary>The sandbox as a program: its options, what it prints, and its exit code.</summary>
internal static class SandboxCommand
{
    private const string Usage =
        """
        The JitAccess sandbox: the real application with everything around it, on this machine only.
        It starts Postgres, an AWS emulator, an identity provider and a mail server, prepares the database, and serves
        the application until Ctrl-C.

        Options:
          --urls ADDRESS    where the application listens (default http://127.0.0.1:5080; several: separated by ';')
          --data FOLDER     where data is kept between runs (default .sandbox)
          --fresh           forget what earlier runs kept
          --empty           begin without the demo's policies, as a new installation does
          --help            show this and end

        Environment:
          JITACCESS_POSTGRES    connection string of a Postgres server to use instead of starting one
        """;

    /// <summary>The options, or null with a message for the person who typed them.</summary>
    public static SandboxOptions? Parse(IReadOnlyList<string> arguments, out string message, out int exitCode)
    {
        SandboxOptions options = new() { Addresses = [new Uri("http://127.0.0.1:5080")], DataDirectory = ".sandbox" };
        (message, exitCode) = ("", 0);
        for (int index = 0; index < arguments.Count; index++)
        {
            string[] parts = arguments[index].Split('=', 2);
            switch (parts[0])
            {
                case "--help" or "-h" or "-?":
                    message = Usage;
                    return null;
                case "--fresh" when parts.Length == 1:
                    options = options with { Fresh = true };
                    break;
                case "--empty" when parts.Length == 1:
                    options = options with { Seed = (_, _) => Task.CompletedTask };
                    break;
                case "--data" when Value() is { Length: > 0 } folder:
                    options = options with { DataDirectory = folder };
                    break;
                case "--urls" when Value() is { Length: > 0 } urls && Addresses(urls) is { Count: > 0 } addresses:
                    options = options with { Addresses = addresses };
                    break;
                case "--urls" or "--data":
                    (message, exitCode) = ($"{parts[0]} needs a value: see --help.", 2);
                    return null;
                default:
                    (message, exitCode) = ($"There is no option {arguments[index]}: see --help.", 2);
                    return null;
            }

            string? Value() => parts.Length == 2 ? parts[1] : index + 1 < arguments.Count ? arguments[++index] : null;
        }
        return options;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Parse(arguments, out string message, out int exitCode) is not { } options)
        {
            await (exitCode == 0 ? Console.Out : Console.Error).WriteLineAsync(message);
            return exitCode;
        }

        using StopSignals stop = new();
        try
        {
            await using SandboxHost host = await SandboxHost.StartAsync(options with { Progress = Console.WriteLine }, stop.Requested);
            Print(host);
            Task stopped = Task.Delay(Timeout.Infinite, stop.Requested);
            if (await Task.WhenAny(stopped, host.WebFailed) == host.WebFailed)
                throw await host.WebFailed;
            Console.WriteLine("Stopping");
            return 0;
        }
        catch (OperationCanceledException) when (stop.Requested.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is SandboxException or Postgres.PostgresNotFoundException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static void Print(SandboxHost host) =>
        Console.WriteLine(
            $"""

            Postgres           {host.Postgres.Description}
            AWS emulator       {host.Emulator.Endpoint}  (. {host.AwsEnvironment}; aws ssm describe-instance-information)
            Identity provider  {host.Provider.Authority}
            People             {string.Join(", ", host.Provider.People.All.Select(person => person.UserName))}
            E-mail             {host.MailFolder}
            Data               {host.DataDirectory}
            Application's log  {host.WebLog}

            Ready: {host.BaseAddress.GetLeftPart(UriPartial.Authority)}
            """);

    private static List<Uri> Addresses(string urls) =>
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address : null)
            .OfType<Uri>()
            .ToList();
}
