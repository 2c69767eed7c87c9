using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Notifications;
using JitAccess.Web.Tests.Audit;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Notifications;

/// <summary>Channels for a test, and people who can be reached.</summary>
internal static class TestChannels
{
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /// <summary>A webhook that arrives on a tape.</summary>
    public static Dictionary<string, string?> Webhook(HttpTape tape) => new()
    {
        ["Notifications:BaseAddress"] = "https://jit.example.com/",
        ["Notifications:Webhooks:0:Name"] = "siem",
        ["Notifications:Webhooks:0:Url"] = new Uri(tape.Address, "/events").ToString(),
        ["Notifications:Webhooks:0:Secret"] = Secret,
    };

    /// <summary>E-mail by a server on loopback.</summary>
    public static Dictionary<string, string?> Email(int port = 25) => new()
    {
        ["Notifications:BaseAddress"] = "https://jit.example.com",
        ["Notifications:Email:Host"] = "127.0.0.1",
        ["Notifications:Email:Port"] = $"{port}",
        ["Notifications:Email:Security"] = "None",
        ["Notifications:Email:From"] = "JitAccess <jit@example.com>",
    };

    /// <summary>The people sign in, and their address is known since.</summary>
    public static async Task KnowAsync(this TestWorld world, params Actor[] actors)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        database.People.AddRange(actors.Select(actor => new KnownPerson
        {
            Subject = actor.Subject,
            DisplayName = actor.Person.DisplayName,
            Email = actor.Person.Email,
            Groups = actor.IsAdmin ? ["jit-admins"] : [],
            Roles = [actor.Role!.Value],
            LastSeenAt = world.Clock.GetUtcNow(),
        }));
        await database.SaveChangesAsync(TestWorld.Cancellation);
    }

    /// <summary>Routes all that is unsent.</summary>
    public static async Task RouteAsync(this TestProcess process)
    {
        while (await process.Background<OutboxRouting>().DoDueAsync(TestWorld.Cancellation)) { }
    }

    /// <summary>Sends all that is due by every channel.</summary>
    public static async Task DeliverAsync(this TestProcess process)
    {
        foreach (OutboxDelivery delivery in process.Backgrounds<OutboxDelivery>())
        {
            while (await delivery.DoDueAsync(TestWorld.Cancellation)) { }
        }
    }
}
