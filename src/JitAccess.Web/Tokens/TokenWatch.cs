using System.Security.Claims;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;

namespace JitAccess.Web.Tokens;

/// <summary>What a program began with a token ends when its tokens are revoked. That the one token which it began with runs out in the meantime ends nothing: the program has the next.</summary>
public sealed class TokenWatch(TokenQueries tokens, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Cancels once the tokens of this program have ended. Returns then, or when it was cancelled by somebody else.</summary>
    public async Task CancelWhenEndedAsync(ClaimsPrincipal program, CancellationTokenSource source)
    {
        CancellationToken cancelled = source.Token;
        Guid family = ActorClaims.TokenFamilyOf(program);
        try
        {
            using PeriodicTimer timer = new(Period, time);
            while (await timer.WaitForNextTickAsync(cancelled))
            {
                try
                {
                    if (!await tokens.IsLiveAsync(family, cancelled)) break;
                }
                catch (Exception exception) when (DueWork.IsOutage(exception))
                {
                    // An outage of the database drops nobody; it is asked again.
                }
            }
            await source.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Whatever was watched is over.
        }
    }
}
