using System.CommandLine;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Ends the tokens at the server, then forgets them.</summary>
internal static class LogoutCommand
{
    public static Command Create(CommandFactory commands) => commands.Create("logout", "Sign out: end this program's tokens", (_, cancellationToken) => LogoutAsync(commands.Context, cancellationToken));

    private static async Task<int> LogoutAsync(CliContext context, CancellationToken cancellationToken)
    {
        CredentialFile file = new(context.Folder);
        using IDisposable held = await file.LockAsync(cancellationToken);
        if (file.Read() is not { } known)
        {
            context.Error.WriteLine("Nobody was signed in.");
            return ExitCode.Done;
        }
        using HttpResponseMessage answer = await context.Http.PostAsync(new Uri(known.Server, "/api/v1/oauth/revoke"), new FormUrlEncodedContent([KeyValuePair.Create("token", known.RefreshToken)]), cancellationToken);
        // Tokens that may still hold are kept, so that it can be tried again.
        if (!answer.IsSuccessStatusCode) throw new CliException(ExitCode.Failed, $"The server answered {(int)answer.StatusCode}; the tokens may still hold. Try again, or revoke them under Tokens in JitAccess.");
        file.Delete();
        context.Error.WriteLine($"Signed out of {known.Server.Authority}.");
        return ExitCode.Done;
    }
}
