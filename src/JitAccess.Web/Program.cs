using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using JitAccess.Web.Live;
using JitAccess.Web.Nodes;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.AddData();
builder.AddLive();
builder.AddIdentity();
builder.AddAws();
builder.AddNodes();
builder.AddPolicies();
builder.AddRequests();
builder.AddGrants();
builder.AddSessions();

WebApplication app = builder.Build();
if (args.Contains("--migrate"))
{
    await app.Services.MigrateAsync(CancellationToken.None);
    return;
}

app.UseWebSockets();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapStaticAssets().AllowAnonymous();
app.MapHealth();
app.MapIdentity();
app.MapSessions();
await app.RunAsync();
