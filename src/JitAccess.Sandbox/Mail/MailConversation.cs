using System.Net.Security;
using System.Text;

namespace JitAccess.Sandbox.Mail;

/// <summary>One connection of a client, from the greeting to the end.</summary>
internal sealed class MailConversation(Stream connection, MailServerOptions options, Func<ReceivedMail, Task> take) : IDisposable
{
    // Headers are ASCII; bodies may be anything, and are kept byte for byte.
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly List<string> to = [];
    private Stream stream = connection;
    private StreamReader reader = new(connection, Bytes);
    private string? from;
    private bool isOver;

    public void Dispose() => reader.Dispose();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync("220 sandbox ESMTP", cancellationToken);
        while (!isOver && await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            string verb = line.Split(' ')[0].ToUpperInvariant();
            if (options.Mischief(verb) is { } instead)
                await SayAsync(instead, cancellationToken);
            else
                await AnswerAsync(verb, line, cancellationToken);
        }
    }

    private Task AnswerAsync(string verb, string line, CancellationToken cancellationToken)
    {
        switch (verb)
        {
            case "EHLO" or "HELO":
                return SayAsync(options.Certificate is not null && stream is not SslStream ? "250-sandbox\r\n250 STARTTLS" : "250 sandbox", cancellationToken);
            case "STARTTLS" when options.Certificate is not null:
                return StartTlsAsync(cancellationToken);
            case "MAIL":
                from = Address(line);
                to.Clear();
                return SayAsync("250 sender", cancellationToken);
            case "RCPT" when from is not null:
                to.Add(Address(line));
                return SayAsync("250 recipient", cancellationToken);
            case "DATA" when to.Count > 0:
                return TakeDataAsync(cancellationToken);
            case "RSET" or "NOOP":
                return SayAsync("250 fine", cancellationToken);
            case "QUIT":
                isOver = true;
                return SayAsync("221 goodbye", cancellationToken);
            default:
                return SayAsync("503 not now", cancellationToken);
        }
    }

    private async Task TakeDataAsync(CancellationToken cancellationToken)
    {
        await SayAsync("354 go on", cancellationToken);
        StringBuilder text = new();
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        string? instead = options.Mischief(".");
        if (instead is null)
            await take(new ReceivedMail(from!, [.. to], text.ToString()));
        await SayAsync(instead ?? "250 taken", cancellationToken);
    }

    private async Task StartTlsAsync(CancellationToken cancellationToken)
    {
        await SayAsync("220 go on", cancellationToken);
        SslStream secured = new(stream);
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = options.Certificate }, cancellationToken);
        (stream, reader) = (secured, new StreamReader(secured, Bytes));
    }

    private Task SayAsync(string line, CancellationToken cancellationToken) => stream.WriteAsync(Bytes.GetBytes(line + "\r\n"), cancellationToken).AsTask();

    private static string Address(string line)
    {
        int begin = line.IndexOf('<', StringComparison.Ordinal), end = line.IndexOf('>', StringComparison.Ordinal);
        return begin >= 0 && end > begin ? line[(begin + 1)..end] : "";
    }
}
