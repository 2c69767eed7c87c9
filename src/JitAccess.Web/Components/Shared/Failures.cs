using System.Security.Cryptography;
using JitAccess.Domain;

namespace JitAccess.Web.Components.Shared;

/// <summary>Turns exceptions into words: a refusal speaks for itself; anything else is logged under an id, and only the id is shown.</summary>
public sealed class Failures(ILogger<Failures> log)
{
    public Failure Describe(Exception exception)
    {
        if (exception is RefusedException refusal) return new Failure(refusal.Message, refusal.Kind, refusal.RelatedRequestId);
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        log.LogError(exception, "Error {ErrorId} on a page", id);
        return new Failure($"Something went wrong in JitAccess. Try again; if it stays, tell an admin the error id {id}.");
    }
}
