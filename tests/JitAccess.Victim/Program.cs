using System.Globalization;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Victim;
using JitAccess.Web.Audit;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Live;
using JitAccess.Web.Notifications;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// The application's services in a process of its own that a test kills in the middle of one piece of work.
// Arguments: the connection string, then settings as --Key=value. Says "ready", reads one line (the time it shall be, the work, its words), does it, says "done".
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Database"] = args[0] });
builder.Configuration.AddCommandLine(args[1..]);
builder.Services.AddLogging(logging => logging.ClearProviders());
StoppedClock clock = new();
builder.Services.AddSingleton<TimeProvider>(clock);
builder.AddData();
builder.AddAudit();
builder.AddLive();
builder.AddPolicies();
builder.AddRequests();
builder.AddGrants();
builder.AddNotifications();
using IHost host = builder.Build();
RequestService requests = host.Services.GetRequiredService<RequestService>();

// Connected before, so that what the test counts is the work alone.
await host.Services.GetRequiredService<RequestQueries>().WaitingCountAsync(Person("nobody", "none"), CancellationToken.None);
Console.WriteLine("ready");

string[] line = Console.ReadLine()!.Split(' ');
clock.Now = DateTimeOffset.Parse(line[0], CultureInfo.InvariantCulture);
await (line[1..] switch
{
    ["submit", var person, var node] => requests.SubmitAsync(Person(person, "jit-requester"), InstanceId.Parse(node), new("look"), CancellationToken.None),
    ["approve", var person, var request] => requests.ApproveAsync(Person(person, "jit-approver"), Guid.Parse(request), "", CancellationToken.None),
    ["end-grants"] => Due<GrantClock>().DoDueAsync(CancellationToken.None),
    ["route"] => Due<OutboxRouting>().DoDueAsync(CancellationToken.None),
    ["deliver"] => Due<OutboxDelivery>().DoDueAsync(CancellationToken.None),
    ["time-out"] => Due<RequestClock>().DoDueAsync(CancellationToken.None),
    _ => throw new ArgumentException($"There is no work “{string.Join(' ', line)}”."),
});
Console.WriteLine("done");

T Due<T>() where T : DueWork => host.Services.GetServices<IHostedService>().OfType<T>().Single();

static Actor Person(string subject, string role) => new()
{
    Person = new Person(subject, subject, null, [], new PersonAttributes()),
    Identity = new ProvenIdentity.Role(RoleArn.Parse($"arn:aws:iam::111111111111:role/{role}")),
};
