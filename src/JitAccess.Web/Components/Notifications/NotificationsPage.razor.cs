using JitAccess.Domain.People;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Notifications;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Notifications;

/// <summary>What a person wants to be told by e-mail; each choice is kept at once.</summary>
public sealed partial class NotificationsPage(PreferenceQueries queries, PreferenceService preferences, Failures failures)
{
    private PreferenceView shown = new([], 0, true);
    private Failure? failure;
    private bool isSaving;

    // A box that was ticked in vain is drawn anew, as it was.
    private int tries;

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private PreferenceQueries Queries => queries;

    // A load that began before the last save shows what was before it.
    private void Loaded(PreferenceView view)
    {
        if (view.Version >= shown.Version) shown = view;
    }

    private async Task SetAsync(NoticeTopic topic, bool wanted)
    {
        (isSaving, failure) = (true, null);
        try
        {
            PreferenceView next = shown with { Muted = wanted ? shown.Muted.Remove(topic) : shown.Muted.Add(topic), Version = shown.Version + 1 };
            await preferences.SaveAsync(Actor, next.Muted, shown.Version, CancellationToken.None);
            shown = next;
        }
        catch (Exception exception)
        {
            failure = failures.Describe(exception);
            tries++;
        }
        finally
        {
            isSaving = false;
        }
    }
}
