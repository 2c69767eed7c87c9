using JitAccess.Domain.People;
using Microsoft.AspNetCore.Components.Authorization;

namespace JitAccess.Web.Identity;

/// <summary>Who works in this circuit. Pages ask here and hand the actor to services; nothing else reads who is signed in.</summary>
public sealed class ActorAccessor(AuthenticationStateProvider authentication, ActorClaims claims)
{
    /// <summary>Where the circuit's person comes from; set once by the root component.</summary>
    public string? Address { get; set; }

    /// <summary>The actor.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public async Task<Actor> GetAsync() => claims.ActorFrom((await authentication.GetAuthenticationStateAsync()).User, Address);

    /// <summary>The roles that the person may choose from.</summary>
    public async Task<IReadOnlyList<RoleArn>> RolesAvailableAsync() => claims.RolesOf((await authentication.GetAuthenticationStateAsync()).User);
}
