using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Mail;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed partial class Notifications(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Approver_IsToldByEmail_FollowsTheLink_AndTheRequesterIsToldTheOutcome()
    {
        Person approver = await SignInAsync("approver");
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.DemoLinux, "Look why the demo is slow");

        ReceivedMail asked = await MailAsync($"{requester.Name} asks for access to demo-linux", "approver@");
        await approver.OpenAsync(LinkToARequest().Match(asked.Text).Value);
        await approver.ButtonThatBegins("Approve").ClickAsync();
        await MailAsync("Your request for access to demo-linux was approved by", $"{requester.UserName}@");
    }

    [Fact]
    public async Task Admin_TriesAChannel_AndSeesThatItWorks()
    {
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/settings/channels");
        await admin.Button("Send a test message by e-mail").ClickAsync();
        await MailAsync("A test message from JitAccess", "admin@");
        await Expect(admin.Row("e-mail")).ToContainTextAsync("works");
    }

    private async Task<ReceivedMail> MailAsync(string subject, string to)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            // A long subject goes on in the next line, which begins with a blank.
            ReceivedMail? found = Sandbox.Host.Mail.Mails.FirstOrDefault(mail => mail.To.Any(address => address.StartsWith(to, StringComparison.Ordinal))
                && Unfold().Replace(mail.Text, "").Contains($"Subject: {subject}", StringComparison.Ordinal));
            if (found is not null) return found;
            await Task.Delay(100, Cancellation);
        }
        throw new TimeoutException($"No e-mail “{subject}” has come. There are: {string.Join("; ", Sandbox.Host.Mail.Mails.Select(mail => $"{string.Join(", ", mail.To)}: {Unfold().Replace(mail.Text, "").Split("\r\n").FirstOrDefault(line => line.StartsWith("Subject", StringComparison.Ordinal))}"))}");
    }

    [GeneratedRegex("http://[^ \r\n]+/requests/[0-9a-f-]+")]
    private static partial Regex LinkToARequest();

    [GeneratedRegex("\r\n(?=[ \t])")]
    private static partial Regex Unfold();
}
