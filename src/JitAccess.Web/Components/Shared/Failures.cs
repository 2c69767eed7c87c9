using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using JitAccess.Domain;

namespace JitAccess.Web.Components.Shared;

/// <summary>Turns exceptions into words: a refusal speaks for itself; anything else is logged under an id, and only the id is shown.</summary>
public sealed class Failures(ILogger<Failures> log)
{
    public Failure Describe(Exception exception)
    {
        if (exception is RefusedException refusal) return new Failure(refusal.Message, refusal.Kind, refusal.RelatedRequestId);
        if (IsOutage(exception))
        {
            log.LogWarning(exception, "A page could not reach the database");
            return new Failure("JitAccess cannot reach its database now. What you see may be out of date, and nothing can be changed. It is tried again by itself.", RefusalKind.Unavailable);
        }

        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        log.LogError(exception, "Error {ErrorId} on a page", id);
        return new Failure($"Something went wrong in JitAccess. Try again; if it stays, tell an admin the error id {id}.");
    }

    // A database that is away shows as one of these, somewhere inside what the libraries wrap around it.
    private static bool IsOutage(Exception? exception) => exception switch
    {
        null => false,
        DbException { IsTransient: true } or SocketException or TimeoutException => true,
        _ => IsOutage(exception.InnerException),
    };
}
