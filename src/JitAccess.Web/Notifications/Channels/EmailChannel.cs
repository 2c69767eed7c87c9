using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Sends each notice as e-mail to one person, by the operator's mail server.</summary>
internal sealed class EmailChannel(EmailOptions options, NotificationOptions all) : IChannel
{
    public string Name => "email";

    public ChannelKind Kind => ChannelKind.Email;

    public string Place => options.Host!;

    /// <summary>Whether a server's name or address is this machine itself.</summary>
    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>One address with a domain; null for anything else.</summary>
    public static MailboxAddress? AddressOf(string? text) =>
        MailboxAddress.TryParse(text, out MailboxAddress? address) && address.Domain.Length > 0 && !address.Address.Any(char.IsControl) ? address : null;

    public bool Takes(string kind) => true;

    public async Task SendAsync(Delivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using MimeMessage message = Write(delivery, now);
        // Timeout bounds each answer, this the whole of them: a server that answers slowly, word by word, holds up nobody for long.
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout * 3);
        using SmtpClient smtp = new() { Timeout = (int)options.Timeout.TotalMilliseconds };
        try
        {
            await smtp.ConnectAsync(options.Host!, options.Port, options.Security switch
            {
                EmailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                EmailSecurity.StartTls => SecureSocketOptions.StartTls,
                EmailSecurity.None => SecureSocketOptions.None,
            }, patience.Token);
            if (options.UserName is { } user) await smtp.AuthenticateAsync(user, options.Password!, patience.Token);
            await smtp.SendAsync(message, patience.Token);
        }
        catch (SmtpCommandException exception)
        {
            // 5xx about this recipient or message will not change; about the sender it is a setting that the operator may mend.
            bool isOfThisOne = exception.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted;
            throw new ChannelException($"The mail server answered {(int)exception.StatusCode}: {MessageWords.OneLine(exception.Message)}", exception)
            {
                IsFinal = isOfThisOne && (int)exception.StatusCode >= 500,
                IsOfThisOne = isOfThisOne,
            };
        }
        catch (AuthenticationException exception)
        {
            throw new ChannelException("The mail server did not accept the user name and password.", exception);
        }
        catch (Exception exception) when (IsTrouble(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ChannelException(exception is OperationCanceledException or TimeoutException
                ? "The mail server did not answer in time."
                : $"The mail server could not be used: {MessageWords.OneLine(exception.Message)}", exception);
        }
        await SayGoodbyeAsync(smtp, patience.Token);
    }

    // It has taken the message; what happens after is no failure.
    private static async Task SayGoodbyeAsync(SmtpClient smtp, CancellationToken cancellationToken)
    {
        try
        {
            await smtp.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (IsTrouble(exception) || exception is OperationCanceledException)
        {
            // The server has hung up first.
        }
    }

    private MimeMessage Write(Delivery delivery, DateTimeOffset now)
    {
        if (AddressOf(delivery.Address) is not { } to)
            throw new ChannelException("The person's e-mail address is none.") { IsFinal = true, IsOfThisOne = true };
        Notice notice = delivery.ReadNotice();
        (Uri page, Uri settings) = (all.LinkTo(notice.Path), all.LinkTo("settings/notifications"));
        MailboxAddress from = AddressOf(options.From)!;
        MimeMessage message = new()
        {
            Subject = MessageWords.OneLine(notice.Title),
            Date = now,
            MessageId = $"{delivery.Id:n}@{from.Domain}",
            Body = new BodyBuilder { TextBody = MessageWords.Plain(notice, page, settings), HtmlBody = MessageWords.Html(notice, page, settings) }.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress("", to.Address));
        // Nobody's out-of-office answers it.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static bool IsTrouble(Exception exception) =>
        exception is IOException or SocketException or ProtocolException or SslHandshakeException or CommandException or TimeoutException or NotSupportedException or ServiceNotConnectedException or ServiceNotAuthenticatedException;
}
