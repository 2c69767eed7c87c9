using JitAccess.Cedar;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies.Forms;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Identity;
using JitAccess.Web.Nodes;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies;

/// <summary>Writes a policy in Cedar, with the engine's judgement below the text.</summary>
public sealed partial class CedarPolicyEditor(CedarQueries cedar, NodeQueries nodes, PeopleQueries people, Failures failures) : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private CedarPolicyForm form = null!;
    private CedarEditor? editor;
    private CedarWords words = CedarWords.None;
    private IReadOnlyList<PolicyProblem> problems = [];
    private Failure? failure;
    private bool hasTried;
    private bool isChecking;
    private int edits;
    private int judged = -1;
    private string zone = "UTC";

    [Parameter, EditorRequired] public Policy Policy { get; set; } = null!;

    [Parameter, EditorRequired] public PolicyPage Page { get; set; } = null!;

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private bool IsDeny => Policy is DenyAccessPolicy;

    private Effect Effect => IsDeny ? Effect.Forbid : Effect.Permit;

    private bool IsReadOnly => Page.Obstacle is not null;

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    protected override Task OnInitializedAsync()
    {
        form = new CedarPolicyForm(Policy);
        return ChangedAsync();
    }

    /// <summary>True when the problems shown are those of the policy as it stands.</summary>
    private bool isJudged => judged == edits;

    private Task WriteAsync(string text)
    {
        form.Cedar = text;
        return ChangedAsync();
    }

    /// <summary>Judges the policy as it stands; what changes while the engine thinks is judged right after.</summary>
    private async Task ChangedAsync()
    {
        edits++;
        // An auditor reads the policy; only an admin's writing is checked.
        if (isChecking || IsReadOnly) return;
        isChecking = true;
        try
        {
            while (!isJudged)
            {
                int judging = edits;
                IReadOnlyList<PolicyProblem> found = await Page.CheckAsync(form.ToPolicy(), gone.Token);
                judged = judging;
                if (isJudged) (problems, failure) = (found, null);
            }
        }
        catch (Exception exception) when (!gone.IsCancellationRequested)
        {
            failure = failures.Describe(exception);
        }
        finally
        {
            isChecking = false;
        }
    }

    private Task MendAsync(PolicyMend mend)
    {
        form.Take(mend.Mended);
        return ChangedAsync();
    }

    private Task InsertAsync(CedarExample example) =>
        WriteAsync(string.IsNullOrWhiteSpace(form.Cedar) ? example.Cedar + "\n" : $"{form.Cedar.TrimEnd()}\n\n{example.Cedar}\n");

    private async Task FormatAsync()
    {
        failure = null;
        await WriteAsync(await cedar.FormatAsync(Actor, form.Cedar, gone.Token));
    }

    private async Task<CedarWords> WordsAsync(CancellationToken cancellationToken)
    {
        NodeFacets facets = await nodes.FacetsAsync(cancellationToken);
        return new CedarWords(await people.GroupsAsync(Actor, cancellationToken), await nodes.TagsAsync(cancellationToken), facets.Accounts, facets.Regions, facets.Platforms,
            [.. TimeZoneInfo.GetSystemTimeZones().Select(one => one.Id)]);
    }

    private Task SaveAsync()
    {
        hasTried = true;
        return Page.SaveAsync(form.ToPolicy());
    }
}
