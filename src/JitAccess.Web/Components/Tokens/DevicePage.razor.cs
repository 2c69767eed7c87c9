using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Tokens;

/// <summary>Where a person confirms or refuses that a program acts for them.</summary>
public sealed partial class DevicePage(DeviceLoginService logins, Failures failures)
{
    private string? code;
    private DeviceLogin? login;
    private Failure? failure;
    private bool isFinding;
    private bool? answer;

    /// <summary>The code, when the address brought it along.</summary>
    [SupplyParameterFromQuery(Name = "user_code")] private string? UserCode { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        code = UserCode;
        if (!string.IsNullOrEmpty(code)) await FindAsync();
    }

    private async Task FindAsync()
    {
        if (isFinding) return;
        (isFinding, failure) = (true, null);
        try
        {
            login = await logins.FindAsync(Actor, code, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Failed(failures.Describe(exception));
        }
        finally
        {
            isFinding = false;
        }
    }

    private async Task ConfirmAsync()
    {
        await logins.ConfirmAsync(Actor, login!.Id, CancellationToken.None);
        answer = true;
    }

    private async Task RefuseAsync()
    {
        await logins.RefuseAsync(Actor, login!.Id, CancellationToken.None);
        answer = false;
    }

    private void Failed(Failure what) => failure = what;
}
