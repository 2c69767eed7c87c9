using System.Collections.Concurrent;
using System.Globalization;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Audit;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Delegations;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using JitAccess.Web.Live;
using JitAccess.Web.Nodes;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitAccess.Benchmarks;

/// <summary>
/// A process of its own, to be killed: the application's services with all their background work, over a given database and emulator. Writes
/// <c>ready</c> when all of it runs; connects as many people as it is told, each in a session of their own, then writes <c>connected</c>.
/// </summary>
internal static class SessionsProcess
{
    public const string Name = "sessions-process";

    private const int AtOnce = 8;

    /// <param name="arguments">Connection string, the emulator's address, access key, its secret, folder of recordings, how many people, and what their names begin with.</param>
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is not [string database, string emulator, string key, string secret, string folder, string people, string prefix]) throw new ArgumentException("This is started by the benchmark ends.");
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", secret);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(Settings(database, emulator, folder));
        builder.Services.AddLogging(logging => logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData();
        builder.AddAudit();
        builder.AddLive();
        builder.AddIdentity();
        builder.AddAws();
        builder.AddNodes();
        builder.AddPolicies();
        builder.AddDelegations();
        builder.AddRequests();
        builder.AddGrants();
        builder.AddSessions();
        using IHost host = builder.Build();
        await host.StartAsync();
        Console.WriteLine("ready");
        await ConnectAsync(host.Services, int.Parse(people, CultureInfo.InvariantCulture), prefix);
        Console.WriteLine("connected");
        await host.WaitForShutdownAsync();
    }

    private static async Task ConnectAsync(IServiceProvider services, int people, string prefix)
    {
        IDbContextFactory<JitAccessDbContext> contexts = services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>();
        InstanceId node = InstanceId.Parse(DefaultWorld.DemoLinux2);
        while (people > 0)
        {
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync();
            if (await database.Nodes.AnyAsync(known => known.Id == node)) break;
            await Task.Delay(100);
        }
        ConcurrentQueue<int> left = new(Enumerable.Range(0, people));
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (left.TryDequeue(out int number))
            {
                Actor person = PersonOf(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}"));
                Guid request = (await services.GetRequiredService<RequestService>().SubmitAsync(person, node, new("Work"), CancellationToken.None)).RequestId;
                await using JitAccessDbContext database = await contexts.CreateDbContextAsync();
                Guid grant = await database.Grants.Where(found => found.RequestId == request).Select(found => found.Id).SingleAsync();
                await services.GetRequiredService<SessionService>().ConnectAsync(person, grant, CancellationToken.None);
            }
        })));
    }

    private static Dictionary<string, string?> Settings(string database, string emulator, string folder) => new()
    {
        ["ConnectionStrings:Database"] = database,
        ["Identity:Authority"] = "http://127.0.0.1/",
        ["Identity:ClientId"] = "jitaccess",
        ["Identity:ClientSecret"] = "secret",
        ["Recording:Folder"] = folder,
        ["Recording:Keys:0"] = Convert.ToBase64String(new byte[32]),
        ["Aws:HomeRegion"] = DefaultWorld.Tokyo,
        ["Aws:ServiceUrl"] = emulator,
        ["Aws:Accounts:0:Id"] = DefaultWorld.MainAccount,
        ["Aws:Accounts:0:Name"] = "sandbox-main",
        ["Aws:Accounts:0:AccessRoleArn"] = DefaultWorld.AccessRoleArn(DefaultWorld.MainAccount),
        ["Aws:Accounts:0:ExternalId"] = DefaultWorld.ExternalId,
        ["Aws:Accounts:0:Regions:0"] = DefaultWorld.Tokyo,
    };

    private static Actor PersonOf(string name) => new()
    {
        Person = new Person(name, name, $"{name}@example.com", ["engineering"], new PersonAttributes()),
        Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::111111111111:role/jit-requester")),
    };
}
