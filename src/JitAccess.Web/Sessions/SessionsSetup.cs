using JitAccess.Web.Sessions.Gateway;

namespace JitAccess.Web.Sessions;

/// <summary>Sessions: connecting, keeping them to their time, ending them, the terminal's socket.</summary>
public static class SessionsSetup
{
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddTerminalGateway();
        builder.Services.AddSingleton<ITerminalDoor, TerminalDoor>();
        builder.Services.AddSingleton<SessionKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SessionKeeper>());
        builder.Services.AddHostedService<SessionTermination>();
        builder.Services.AddSingleton<SessionService>();
        builder.Services.AddSingleton<SessionQueries>();
    }

    public static void MapSessions(this IEndpointRouteBuilder routes) => routes.MapTerminal();
}
