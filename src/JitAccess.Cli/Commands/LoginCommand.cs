using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Signs the person in by the device flow (RFC 8628).</summary>
internal static class LoginCommand
{
    private const string Everything = "read request approve connect";

    public static Command Create(CommandFactory commands)
    {
        Option<string?> server = new("--server") { Description = "Where JitAccess is: https://jitaccess.example.com (or the variable JIT_SERVER)" };
        Option<string> scope = new("--scope") { Description = "What the program may do: read, request, approve, connect", DefaultValueFactory = _ => Everything };
        return commands.Create("login", "Sign in: confirm this program in your browser",
            (parsed, cancellationToken) => LoginAsync(commands.Context, parsed.GetValue(server), parsed.GetValue(scope)!, cancellationToken), server, scope);
    }

    private static async Task<int> LoginAsync(CliContext context, string? given, string scope, CancellationToken cancellationToken)
    {
        CredentialFile file = new(context.Folder);
        Uri server = ServerOf(given ?? context.Server ?? file.Read()?.Server.ToString());
        DeviceStarted started = await StartAsync(context, server, scope, cancellationToken);
        context.Error.WriteLine($"Open {started.VerificationUri} in a browser and enter the code {started.UserCode}.");
        if (started.VerificationUriComplete is { } complete) context.Error.WriteLine($"Or open {complete} and compare the code.");
        TokensGiven tokens = await WaitAsync(context, server, started, cancellationToken);
        JitClient client = new(context);
        using (await file.LockAsync(cancellationToken)) client.Store(server, tokens);
        JsonElement me = await client.GetAsync("me", cancellationToken);
        context.Result(me, screen => context.Out.WriteLine($"Signed in to {server.Authority} as {Texts.Printable(Wire.Read<Me>(me).Name)}."));
        return ExitCode.Done;
    }

    private static Uri ServerOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) throw new CliException(ExitCode.Usage, "Say where JitAccess is: jit login --server https://…");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || server.Scheme is not ("https" or "http")) throw new CliException(ExitCode.Usage, $"“{text}” is no address of a server: https://…");
        // A token in the clear is everybody's.
        return server is { Scheme: "http", IsLoopback: false } ? throw new CliException(ExitCode.Usage, "The server must be reached by https; plain http is for loopback only.") : new Uri(server.GetLeftPart(UriPartial.Authority));
    }

    private static async Task<DeviceStarted> StartAsync(CliContext context, Uri server, string scope, CancellationToken cancellationToken)
    {
        string name = new([.. context.DeviceName.Where(letter => letter is > ' ' and <= '~').Take(64)]);
        using HttpResponseMessage answer = await context.Http.PostAsync(new Uri(server, "/api/v1/oauth/device_authorization"), Form(("client_id", JitClient.ClientId), ("device_name", name), ("scope", scope)), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.BadRequest) throw new CliException(ExitCode.Usage, (await ErrorAsync(answer, cancellationToken)).Description ?? "The server refused.");
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<DeviceStarted>(Wire.Json, cancellationToken))!;
    }

    private static async Task<TokensGiven> WaitAsync(CliContext context, Uri server, DeviceStarted started, CancellationToken cancellationToken)
    {
        TimeSpan interval = TimeSpan.FromSeconds(Math.Clamp(started.Interval, 1, 60));
        while (true)
        {
            await Task.Delay(interval, context.Time, cancellationToken);
            HttpResponseMessage answer;
            try
            {
                answer = await context.Http.PostAsync(new Uri(server, "/api/v1/oauth/token"),
                    Form(("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", JitClient.ClientId), ("device_code", started.DeviceCode)), cancellationToken);
            }
            catch (HttpRequestException)
            {
                // The network may come back while the code still holds; the server says when it no longer does.
                continue;
            }
            using (answer)
            {
                if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<TokensGiven>(Wire.Json, cancellationToken))!;
                if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) continue;
                if (answer.StatusCode != HttpStatusCode.BadRequest) throw new CliException(ExitCode.Failed, $"The server answered {(int)answer.StatusCode}.");
                switch ((await ErrorAsync(answer, cancellationToken)).Error)
                {
                    case "authorization_pending": break;
                    case "slow_down": interval += TimeSpan.FromSeconds(5); break;
                    case "access_denied": throw new CliException(ExitCode.Refused, "The sign-in was refused in the browser.");
                    case "expired_token": throw new CliException(ExitCode.Refused, "Nobody confirmed the sign-in in time. Run jit login again.");
                    case string error: throw new CliException(ExitCode.Failed, $"The server answered {error}.");
                }
            }
        }
    }

    private static async Task<OAuthError> ErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken) => (await answer.Content.ReadFromJsonAsync<OAuthError>(Wire.Json, cancellationToken))!;

    private static FormUrlEncodedContent Form(params (string Key, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Key, field.Value)));
}
