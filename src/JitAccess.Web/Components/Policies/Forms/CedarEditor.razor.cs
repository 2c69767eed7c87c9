using JitAccess.Domain.Policies;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Policies.Forms;

/// <summary>
/// Cedar text with colours, words offered and problems underlined. The text lives in the browser (js/cedar-editor.js);
/// here stands the newest that has arrived. Both count their texts, so that an answer to an older one underlines nothing.
/// </summary>
public sealed partial class CedarEditor(IJSRuntime script, ILogger<CedarEditor> log) : IAsyncDisposable
{
    private ElementReference host;
    private IJSObjectReference? editor;
    private DotNetObjectReference<CedarEditor>? reference;
    private bool isGone;
    private int revision;
    private string shown = "";
    private (string Label, bool ReadOnly) mode;
    private IReadOnlyList<PolicyProblem> underlined = [];
    private IReadOnlyList<PolicyProblem> known = [];
    private CedarWords offered = CedarWords.None;
    private string refusal = "";

    /// <summary>The text.</summary>
    [Parameter, EditorRequired] public string Value { get; set; } = "";

    [Parameter] public EventCallback<string> ValueChanged { get; set; }

    /// <summary>The name of the field.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    [Parameter] public bool ReadOnly { get; set; }

    [Parameter] public string? Placeholder { get; set; }

    /// <summary>The id of what describes the field.</summary>
    [Parameter] public string? DescribedBy { get; set; }

    /// <summary>What is wrong with <see cref="Value"/>; what names a line is underlined.</summary>
    [Parameter] public IReadOnlyList<PolicyProblem> Problems { get; set; } = [];

    /// <summary>Makes a problem's mend, pressed at the underlined place.</summary>
    [Parameter] public EventCallback<PolicyMend> OnMend { get; set; }

    /// <summary>What is offered while somebody types.</summary>
    [Parameter] public CedarWords Words { get; set; } = CedarWords.None;

    private static string PlainId => "cedar";

    /// <summary>Puts the cursor where a problem is.</summary>
    public ValueTask GoAsync(PolicyProblem problem) => editor?.InvokeVoidAsync("go", problem.Line ?? 1, problem.Column ?? 1) ?? ValueTask.CompletedTask;

    /// <summary>Called by the script: somebody wrote.</summary>
    [JSInvokable]
    public Task TextChangedAsync(string text, int ofRevision)
    {
        revision = Math.Max(revision, ofRevision);
        return WriteAsync(text);
    }

    /// <summary>Called by the script: a text was not taken, or is no longer too long.</summary>
    [JSInvokable]
    public void TextRefusedAsync(string words)
    {
        refusal = words;
        StateHasChanged();
    }

    /// <summary>Called by the script: a mend was pressed at its underlined place.</summary>
    [JSInvokable]
    public Task MendAsync(int index) =>
        underlined.ElementAtOrDefault(index)?.Mend is { } mend ? OnMend.InvokeAsync(mend) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        isGone = true;
        try
        {
            if (editor is not null)
            {
                await editor.InvokeVoidAsync("dispose");
                await editor.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the editor with it.
        }
        finally
        {
            reference?.Dispose();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await OpenAsync();
        if (editor is null || isGone) return;
        if (mode != (Label, ReadOnly))
        {
            mode = (Label, ReadOnly);
            await editor.InvokeVoidAsync("setMode", Label, ReadOnly);
        }
        if (!ReferenceEquals(offered, Words))
        {
            offered = Words;
            await editor.InvokeVoidAsync("know", Words);
        }
        if (shown != Value)
        {
            shown = Value;
            revision = Math.Max(revision, await editor.InvokeAsync<int>("set", Value));
        }
        if (!ReferenceEquals(known, Problems))
        {
            known = Problems;
            underlined = [.. Problems.Where(problem => problem.Line is not null)];
            await editor.InvokeVoidAsync("show", underlined.Select(problem => new
            {
                line = problem.Line,
                column = problem.Column ?? 1,
                length = problem.Length,
                message = problem.Message,
                isWarning = problem.IsWarning,
                mend = problem.Mend?.Label,
            }), revision);
        }
    }

    private async Task OpenAsync()
    {
        try
        {
            await using IJSObjectReference module = await script.InvokeAsync<IJSObjectReference>("import", "./js/cedar-editor.js");
            // Whoever leaves while the script is on its way leaves no element for it.
            if (isGone) return;
            (reference, shown, mode, offered) = (DotNetObjectReference.Create(this), Value, (Label, ReadOnly), Words);
            editor = await module.InvokeAsync<IJSObjectReference>("open", host, reference, new
            {
                text = Value,
                label = Label,
                isReadOnly = ReadOnly,
                placeholder = Placeholder,
                describedBy = DescribedBy,
                limit = PolicyRules.MaximumCedarLength,
                known = Words,
            });
            StateHasChanged();
        }
        catch (JSException exception)
        {
            log.LogWarning(exception, "The script of the Cedar editor did not start; the plain text area is used");
        }
    }

    private Task WriteAsync(string text)
    {
        shown = text;
        return ValueChanged.InvokeAsync(text);
    }
}
