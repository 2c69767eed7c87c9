using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies.Forms;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Identity;
using JitAccess.Web.Nodes;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Policies;

/// <summary>Writes a policy as conditions or in Cedar, with the engine's judgement below the text.</summary>
public sealed partial class CedarPolicyEditor(CedarQueries cedar, NodeQueries nodes, PeopleQueries people, Failures failures, IJSRuntime script) : IDisposable
{
    private const int Shown = 6;
    private readonly CancellationTokenSource gone = new();
    private CedarPolicyForm form = null!;
    private CedarEditor? editor;
    private CedarWords words = CedarWords.None;
    private IReadOnlyList<PolicyProblem> problems = [];
    private (string Label, Policy Before)? mended;
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

    private bool IsReadOnly => Page.Obstacle is not null;

    // True when the problems shown are those of the policy as it stands.
    private bool IsJudged => judged == edits;

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        form = new CedarPolicyForm(Policy);
        if (form.IsToBeRead) await ReadAsync();
        if (form.Rows is not null) form.ShowConditions();
        await ChangedAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try
        {
            await using IJSObjectReference module = await script.InvokeAsync<IJSObjectReference>("import", gone.Token, "./js/cedar-editor.js");
            zone = await module.InvokeAsync<string>("zone", gone.Token);
        }
        catch (Exception exception) when (exception is JSException or OperationCanceledException)
        {
            // Without the script, or without the page, times are in UTC until somebody says otherwise.
        }
    }

    /// <summary>Judges the policy as it stands; what changes while the engine thinks is judged right after.</summary>
    private async Task ChangedAsync()
    {
        if (form.IsInConditions) form.WriteRows();
        edits++;
        mended = null;
        // An auditor reads the policy; only an admin's writing is checked.
        if (isChecking || IsReadOnly) return;
        isChecking = true;
        try
        {
            while (!IsJudged)
            {
                int judging = edits;
                IReadOnlyList<PolicyProblem> found = await Page.CheckAsync(form.ToPolicy(), gone.Token);
                judged = judging;
                if (IsJudged) (problems, failure) = (found, null);
            }
        }
        catch (Exception exception) when (!gone.IsCancellationRequested)
        {
            failure = failures.Describe(exception);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        finally
        {
            isChecking = false;
        }
    }

    private Task WriteAsync(string text)
    {
        form.Cedar = text;
        return ChangedAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            form.Read(await cedar.ReadAsync(Actor, form.Cedar, form.StatementEffect, gone.Token));
        }
        catch (RefusedException refusal)
        {
            form.Read(new ConditionsReading(null, refusal.Message));
        }
    }

    private async Task ShowConditionsAsync()
    {
        if (form.IsToBeRead) await ReadAsync();
        form.ShowConditions();
    }

    private async Task TakeAsync(Policy policy)
    {
        form.Take(policy);
        if (form.IsInConditions && form.IsToBeRead) await ReadAsync();
        await ChangedAsync();
    }

    private async Task MendAsync(PolicyMend mend)
    {
        Policy before = form.ToPolicy();
        await TakeAsync(mend.Mended);
        mended = (mend.Label, before);
    }

    private Task UndoMendAsync() => mended is { Before: var before } ? TakeAsync(before) : Task.CompletedTask;

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

    private async Task<NodeMatches> MatchAsync(CancellationToken cancellationToken) =>
        form.ForNodesAlone() is { } policy ? await nodes.MatchingAsync(Actor, policy, Shown, cancellationToken) : new NodeMatches(0, []);

    private IEnumerable<TagPair> TagsAskedFor(Node node) =>
        from row in form.Rows?.Nodes ?? []
        where row.Property is null && node.Tags.ContainsKey(row.Key)
        select new TagPair(row.Key, node.Tags[row.Key]);

    private Task SaveAsync()
    {
        hasTried = true;
        // What is on the screen must be what is saved.
        if (!form.Unfinished.IsEmpty)
            throw new RefusedException(RefusalKind.Invalid, $"A condition is not finished, so it is not in the policy yet. {string.Join(" ", form.Unfinished)}");
        return Page.SaveAsync(form.ToPolicy());
    }
}
