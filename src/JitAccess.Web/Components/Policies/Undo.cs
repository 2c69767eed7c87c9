using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using MudBlazor;

namespace JitAccess.Web.Components.Policies;

/// <summary>Deleting asks nothing beforehand: it is said afterwards, with a way back.</summary>
internal static class Undo
{
    /// <summary>Says that a policy was deleted, and puts it back at its place when asked to.</summary>
    public static void OfferUndo(this ISnackbar snackbar, PolicyRevision after, Policy deleted, Actor actor, PolicyService policies, Failures failures) =>
        snackbar.Add($"“{deleted.Name}” is deleted in the draft.", Severity.Normal, options =>
        {
            options.Action = "Undo";
            options.VisibleStateDuration = 15_000;
            options.OnClick = async _ =>
            {
                try
                {
                    await policies.SaveAsync(actor, after, deleted, CancellationToken.None);
                }
                catch (Exception exception)
                {
                    snackbar.Add(failures.Describe(exception).Message, Severity.Error, error => error.RequireInteraction = true);
                }
            };
        });
}
