using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Requests;

/// <summary>One request: what is asked, its timeline, and what the person may do with it.</summary>
public sealed partial class AccessRequestPage(RequestQueries requests, SessionService sessions, Failures failures, NavigationManager navigation)
{
    private Failure? failure;
    private bool isConnecting;

    [Parameter] public Guid Id { get; set; }

    /// <summary>True if the requester asked to be connected as soon as access is there.</summary>
    [SupplyParameterFromQuery] public bool Connect { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private static string RoleName(AccessRequest request) => RoleArn.TryParse(request.RequesterRole, out RoleArn? role) ? role.Name : request.RequesterRole;

    private static string NoSession(AccessRequest request) => request switch
    {
        { IsExtension: true } => "The sessions are with the request of the grant.",
        { Grant: null or { ActivatedAt: null, EndedAt: null } } => "No session in this request yet. Sessions can start when the grant is active.",
        _ => "No session in this request.",
    };

    private async Task<RequestDetails> LoadAsync(CancellationToken cancellationToken) =>
        await requests.FindAsync(Actor, Id, cancellationToken) ?? throw RefusedException.NotFound("request");

    private void Failed(Failure what) => failure = what;

    private async Task LoadedAsync(RequestDetails details)
    {
        if (!Connect || isConnecting || !details.CanConnect.IsAllowed) return;
        isConnecting = true;
        try
        {
            Guid session = await sessions.ConnectAsync(Actor, details.Grant!.Id, CancellationToken.None);
            navigation.NavigateTo($"sessions/{session}");
        }
        catch (Exception exception)
        {
            failure = failures.Describe(exception);
            // Once is what was asked for; from here the button connects.
            navigation.NavigateTo($"requests/{Id}", replace: true);
        }
        finally
        {
            isConnecting = false;
        }
    }
}
