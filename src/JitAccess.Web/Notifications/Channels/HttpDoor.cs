using System.Net;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Sends requests for a channel and says in words what the other side, called <c>The webhook at example.com</c>, thought of them.</summary>
internal sealed class HttpDoor(string name, TimeProvider time)
{
    // What is meant for one address goes to no other, and no log sees the address, which may be a secret. Nobody is waited for without end.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Sends it; after the <paramref name="final"/> answers trying again is of no use.</summary>
    /// <exception cref="ChannelException">It was not taken.</exception>
    public async Task SendAsync(HttpRequestMessage request, HttpStatusCode[] final, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.IsSuccessStatusCode) return;
            throw new ChannelException($"{name} answered {(int)answer.StatusCode}{Meaning(answer.StatusCode)}.")
            {
                IsFinal = final.Contains(answer.StatusCode),
                RetryAfter = answer.Headers.RetryAfter switch
                {
                    { Delta: { } delta } => delta,
                    { Date: { } date } => date - time.GetUtcNow(),
                    _ => null,
                },
            };
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ChannelException($"{name} did not answer ({exception.GetBaseException().Message.TrimEnd('.')}).", exception);
        }
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Gone => ": it wants no more messages",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ": check the secret",
        HttpStatusCode.NotFound => ": check the address",
        HttpStatusCode.TooManyRequests => ": too many messages",
        _ when (int)status is >= 300 and < 400 => ": redirects are not followed",
        _ => "",
    };
}
