using JitAccess.Web.Api;
using JitAccess.Web.Audit;
using JitAccess.Web.Aws;
using JitAccess.Web.Components;
using JitAccess.Web.Data;
using JitAccess.Web.Delegations;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using JitAccess.Web.Live;
using JitAccess.Web.Nodes;
using JitAccess.Web.Notifications;
using JitAccess.Web.Policies;
using JitAccess.Web.Policies.Commands;
using JitAccess.Web.Requests;
using JitAccess.Web.Security;
using JitAccess.Web.Sessions;

if (PoliciesCommand.IsAsked(args)) return await PoliciesCommand.RunAsync(args);
if (AuditCommand.IsAsked(args)) return await AuditCommand.RunAsync(args);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
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
builder.AddNotifications();
builder.AddApi();
builder.AddComponents();

WebApplication app = builder.Build();
if (args.Contains("--migrate"))
{
    await app.Services.MigrateAsync(CancellationToken.None);
    return 0;
}

app.UseSecurity();
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseApi();
app.UseWebSockets();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapStaticAssets().AllowAnonymous();
app.MapHealth();
app.MapAudit();
app.MapIdentity();
app.MapPolicies();
app.MapSessions();
app.MapApi();
app.MapComponents();
await app.RunAsync();
return 0;
