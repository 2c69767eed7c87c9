using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Mail;
using JitAccess.Web.Notifications;
using JitAccess.Web.Tests.Data;
using MimeKit;

namespace JitAccess.Web.Tests.Notifications;

/// <summary>E-mail from the act of a person to a server that speaks SMTP.</summary>
public sealed class EmailTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Fact]
    public async Task Request_ReachesItsApproversByEmail()
    {
        await using MailServer server = MailServer.Start(new MailServerOptions());
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await SubmitAsync(world, server, "Look at <b>the log</b> & mend\n.\nQUIT");
        await process.DeliverAsync();

        ReceivedMail received = Assert.Single(server.Mails);
        Assert.Equal(("jit@example.com", "approver@example.com"), (received.From, Assert.Single(received.To)));
        MimeMessage message = Read(received);
        Assert.Equal(("requester asks for access to demo-linux", "\"JitAccess\" <jit@example.com>", "approver@example.com"), (message.Subject, message.From.ToString(), message.To.ToString()));
        Guid delivery = Guid.Parse((await world.QueryAsync("select id from deliveries"))[0]);
        Assert.Equal($"{delivery:n}@example.com", message.MessageId);
        Assert.Equal("auto-generated", message.Headers[HeaderId.AutoSubmitted]);
        Assert.Contains("Look at <b>the log</b> & mend", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("https://jit.example.com/requests/", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("Look at &lt;b&gt;the log&lt;/b&gt; &amp; mend", message.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("QUIT", message.TextBody, StringComparison.Ordinal);
        Assert.Equal(["Delivered"], await world.QueryAsync("select state from deliveries"));
    }

    [Fact]
    public async Task NameWithLineBreaks_AddsNoHeaderAndNoRecipient()
    {
        await using MailServer server = MailServer.Start(new MailServerOptions());
        await using TestWorld world = await TestWorld.CreateAsync();
        Actor tricky = TestPeople.Requester with { Person = TestPeople.Requester.Person with { DisplayName = "Eve\r\nBcc: all@example.com\r\n\r\nbody" } };
        TestProcess process = await SubmitAsync(world, server, "look", tricky);
        await process.DeliverAsync();

        ReceivedMail received = Assert.Single(server.Mails);
        Assert.Equal("approver@example.com", Assert.Single(received.To));
        MimeMessage message = Read(received);
        Assert.Empty(message.Bcc);
        Assert.StartsWith("Eve  Bcc: all@example.com    body asks for", message.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("a@example.com, b@example.com")]
    [InlineData("a@example.com\r\nRCPT TO:<b@example.com>")]
    public async Task AddressThatIsNone_IsGivenUpBeforeAnythingIsSent(string address)
    {
        await using MailServer server = MailServer.Start(new MailServerOptions());
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await SubmitAsync(world, server, "look");
        await world.ExecuteAsync($"update deliveries set address = '{address}'");
        await process.DeliverAsync();
        Assert.Empty(server.Mails);
        Assert.Equal("The person's e-mail address is none.", Assert.Single(await process.Get<ChannelQueries>().DeadAsync(TestPeople.Admin, Cancellation)).Error);
    }

    [Theory]
    [InlineData("RCPT", "550 no such person", "Dead", "The mail server answered 550: no such person")]
    [InlineData("RCPT", "450 later", "Waiting", "The mail server answered 450: later")]
    [InlineData(".", "552 too much", "Dead", "The mail server answered 552: too much")]
    [InlineData("MAIL", "530 sign in first", "Waiting", "The mail server could not be used: sign in first")]
    [InlineData("MAIL", "550 not you", "Waiting", "The mail server answered 550: not you")]
    public async Task RefusalByTheServer_IsFinalWhereItSaysSo(string verb, string answer, string state, string error)
    {
        await using MailServer server = MailServer.Start(new MailServerOptions { Mischief = said => said == verb ? answer : null });
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await SubmitAsync(world, server, "look");
        await process.DeliverAsync();
        // A person who is not there is no trouble of the channel.
        Assert.Equal(verb == "MAIL" ? ["email"] : [], await process.Get<ChannelQueries>().FailingAsync(TestPeople.Admin, Cancellation));
        Assert.Equal([$"{state}: {error}"], await world.QueryAsync("select state || ': ' || error from deliveries"));
    }

    [Fact]
    public async Task ServerWithoutTls_OrWithACertificateThatNobodyTrusts_IsToldNothing()
    {
        using ECDsa key = ECDsa.Create();
        using X509Certificate2 unknown = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (X509Certificate2? certificate in new[] { null, unknown })
        {
            await using MailServer server = MailServer.Start(new MailServerOptions { Certificate = certificate });
            await using TestWorld world = await TestWorld.CreateAsync();
            Dictionary<string, string?> settings = TestChannels.Email(server.Port);
            settings["Notifications:Email:Security"] = "StartTls";
            TestProcess process = await SubmitAsync(world, server, "look", settings: settings);
            await process.DeliverAsync();
            Assert.Empty(server.Mails);
            Assert.Equal(["Waiting"], await world.QueryAsync("select state from deliveries"));
            Assert.StartsWith("The mail server could not be used", (await world.QueryAsync("select error from channels"))[0], StringComparison.Ordinal);
        }
    }

    private static async Task<TestProcess> SubmitAsync(TestWorld world, MailServer server, string reason, Actor? requester = null, Dictionary<string, string?>? settings = null)
    {
        await world.KnowAsync(TestPeople.Approver);
        TestProcess process = world.AnotherProcess(settings: settings ?? TestChannels.Email(server.Port));
        await world.Requests.SubmitAsync(requester ?? TestPeople.Requester, TestNodes.DemoLinux.Id, new(reason), Cancellation);
        await process.RouteAsync();
        return process;
    }

    private static MimeMessage Read(ReceivedMail mail) => MimeMessage.Load(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(mail.Text)), Cancellation);
}
