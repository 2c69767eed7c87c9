using JitAccess.Web.Notifications;
using JitAccess.Web.Tests.Data;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Tests.Notifications;

public sealed class NotificationOptionsTests
{
    [Fact]
    public void Nothing_IsWellConfigured() => Assert.Empty(Problems(new NotificationOptions()));

    [Fact]
    public void EveryProblem_IsToldWithItsKey_AndNoSecret()
    {
        IReadOnlyList<string> problems = Problems(new NotificationOptions
        {
            Email = new EmailOptions { Host = "mail.example.com", Port = 0, From = "nobody at all", Security = EmailSecurity.None, UserName = "jit", Timeout = TimeSpan.Zero },
            Webhooks = [new WebhookOptions { Name = "SIEM", Url = new Uri("http://example.com/very-secret"), Secret = "very-secret" }, new WebhookOptions()],
            Slack = [new ChannelOptions { Name = "ops", Url = new Uri("https://hooks.example.com/very-secret"), Kinds = ["request.*", "request.enchanted"] }, new ChannelOptions { Name = "ops", Url = new Uri("https://hooks.example.com/very-secret") }],
            Teams = [new ChannelOptions { Name = "ops", Url = new Uri("file:///very-secret") }],
        });
        Assert.Equal(
        [
            "Notifications:BaseAddress", "Notifications:Email:From", "Notifications:Email:Password", "Notifications:Email:Port", "Notifications:Email:Security", "Notifications:Email:Timeout",
            "Notifications:Slack:0:Kinds", "Notifications:Slack:1:Name", "Notifications:Teams:0:Url", "Notifications:Webhooks:0:Name", "Notifications:Webhooks:0:Secret", "Notifications:Webhooks:0:Url",
            "Notifications:Webhooks:1:Name", "Notifications:Webhooks:1:Secret", "Notifications:Webhooks:1:Url",
        ], problems.Select(problem => problem.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.Contains("very-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_OfAllChannels_MakeThem()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        Dictionary<string, string?> settings = TestChannels.Email();
        foreach (string section in new[] { "Webhooks", "Slack", "Teams" })
        {
            settings[$"Notifications:{section}:0:Name"] = "ops";
            settings[$"Notifications:{section}:0:Url"] = "https://example.com/secret";
        }
        settings["Notifications:Webhooks:0:Secret"] = TestChannels.Secret;
        TestProcess process = world.AnotherProcess(settings: settings);
        Assert.Equal("JitAccess <jit@example.com>", process.Get<IOptions<NotificationOptions>>().Value.Email.From);
        IReadOnlyList<ChannelView> channels = await process.Get<ChannelQueries>().ListAsync(TestPeople.Admin, TestWorld.Cancellation);
        Assert.Equal(["email", "slack:ops", "teams:ops", "webhook:ops"], channels.Select(channel => channel.Name));
        Assert.Equal(["127.0.0.1", "example.com", "example.com", "example.com"], channels.Select(channel => channel.Place));
        Assert.Equal(4, process.Backgrounds<OutboxDelivery>().Select(delivery => delivery.Channel).Distinct().Count());
    }

    private static IReadOnlyList<string> Problems(NotificationOptions options) => [.. new NotificationOptionsValidation().Validate(null, options).Failures ?? []];
}
