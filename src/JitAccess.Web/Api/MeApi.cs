using JitAccess.Domain.People;
using JitAccess.Web.Identity;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>For whom a token acts.</summary>
internal static class MeApi
{
    public static void MapMe(this IEndpointRouteBuilder api) =>
        api.MapGet("/me", Me).WithTags("Sign-in").WithSummary("For whom the token acts").Requires(TokenScopes.Read);

    private static Ok<MeWire> Me(Caller caller, HttpContext http)
    {
        Actor actor = caller.Actor;
        return TypedResults.Ok(new MeWire(actor.Subject, actor.Person.DisplayName, actor.Person.Email, actor.Role?.Value, [.. actor.Person.Groups], actor.IsAdmin, MayWire.Of(actor.CanAct()), ActorClaims.ScopesOf(http.User)));
    }
}

/// <summary>For whom a token acts.</summary>
/// <param name="Subject">The identity provider's name of the person.</param>
/// <param name="Name">What others call them.</param>
/// <param name="Email">Where they are reached; null if not known.</param>
/// <param name="Role">The ARN of the IAM role that they act under; null if none.</param>
/// <param name="Groups">Their groups.</param>
/// <param name="IsAdmin">Whether they are an admin of JitAccess.</param>
/// <param name="CanAct">Whether they may ask and approve at all.</param>
/// <param name="Scopes">What the token may be used for.</param>
internal sealed record MeWire(string Subject, string Name, string? Email, string? Role, IReadOnlyList<string> Groups, bool IsAdmin, MayWire CanAct, IReadOnlyList<string> Scopes);

/// <summary>Whether something may be done now.</summary>
/// <param name="Allowed">Whether.</param>
/// <param name="Why">If not, why and what to do; null otherwise.</param>
internal sealed record MayWire(bool Allowed, string? Why)
{
    public static MayWire Of(Domain.Ruling ruling) => new(ruling.IsAllowed, ruling.Message);
}
