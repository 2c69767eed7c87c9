using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Policies;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Sessions.Recordings;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>Sessions: connecting, keeping them to their time, ending them, the terminal's socket.</summary>
public static class SessionsSetup
{
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddTerminalGateway();
        builder.Services.AddSingleton<ITerminalDoor, TerminalDoor>();
        builder.Services.AddSingleton(services => new SessionKeeper(
            services.GetRequiredService<LiveSessions>(), services.GetRequiredService<ISessionOpener>(), services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>(),
            services.GetRequiredService<RecordingService>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<SessionKeeper>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<SessionKeeper>());
        builder.Services.AddHostedService<SessionTermination>();
        builder.Services.AddHostedService<SessionReconciliation>();
        builder.AddRecordings();
        builder.Services.AddSingleton(services => new SessionService(
            services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>(), services.GetRequiredService<PolicyStore>(), services.GetRequiredService<ISessionOpener>(),
            services.GetRequiredService<SessionKeeper>(), services.GetRequiredService<RecordingService>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<SessionQueries>();
    }

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapTerminal();
        routes.MapRecordings();
    }
}
