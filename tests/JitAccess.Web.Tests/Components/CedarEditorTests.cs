using Bunit;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies;
using JitAccess.Web.Components.Policies.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace JitAccess.Web.Tests.Components;

public sealed class CedarEditorTests : BunitContext
{
    private static readonly PolicyProblem Unguarded = new(nameof(DenyAccessPolicy.Cedar), "Ask first.", Line: 3, Column: 5)
    {
        Length = 7,
        Mend = new PolicyMend("Ask hasTag first", new DenyAccessPolicy { Id = Guid.NewGuid(), Name = "", Cedar = "mended" }),
    };

    [Fact]
    public void Editor_WithoutItsScript_IsAPlainTextAreaThatWrites()
    {
        Services.AddSingleton<IJSRuntime>(new NoScript());
        string written = "";
        IRenderedComponent<CedarEditor> editor = Render<CedarEditor>(parameters => parameters
            .Add(one => one.Value, "old").Add(one => one.Label, "Cedar statements").Add(one => one.ValueChanged, text => written = text));

        editor.Find("textarea").Input("new");

        Assert.Equal("new", written);
        Assert.Equal($"{PolicyRules.MaximumCedarLength}", editor.Find("textarea").GetAttribute("maxlength"));
    }

    [Fact]
    public async Task Editor_SomebodyWrites_TellsTheTextAndSetsNothingBack()
    {
        (IRenderedComponent<CedarEditor> editor, BunitJSModuleInterop script) = Open("old");
        string written = "";
        editor.Render(parameters => parameters.Add(one => one.ValueChanged, text => written = text));

        await editor.InvokeAsync(() => editor.Instance.TextChangedAsync("new", 4));
        editor.Render(parameters => parameters.Add(one => one.Value, "new"));

        Assert.Equal("new", written);
        script.VerifyNotInvoke("set");
        Assert.Empty(editor.FindAll("textarea"));
    }

    [Fact]
    public async Task Problems_ForTheTextAsItStands_AreUnderlinedThere()
    {
        (IRenderedComponent<CedarEditor> editor, BunitJSModuleInterop script) = Open("old");
        await editor.InvokeAsync(() => editor.Instance.TextChangedAsync("new", 4));

        editor.Render(parameters => parameters.Add(one => one.Value, "new").Add(one => one.Problems, [new PolicyProblem("Name", "No name."), Unguarded]));

        JSRuntimeInvocation shown = Assert.Single(script.Invocations["show"]);
        Assert.Equal(4, shown.Arguments[1]);
        Assert.Contains("Ask hasTag first", System.Text.Json.JsonSerializer.Serialize(shown.Arguments[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("No name.", System.Text.Json.JsonSerializer.Serialize(shown.Arguments[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mend_PressedWhereItIsUnderlined_IsTold()
    {
        (IRenderedComponent<CedarEditor> editor, _) = Open("old");
        PolicyMend? pressed = null;
        editor.Render(parameters => parameters.Add(one => one.Problems, [Unguarded]).Add(one => one.OnMend, mend => pressed = mend));

        await editor.InvokeAsync(() => editor.Instance.MendAsync(0));
        await editor.InvokeAsync(() => editor.Instance.MendAsync(7));

        Assert.Same(Unguarded.Mend, pressed);
    }

    [Fact]
    public async Task Text_TooLong_IsRefusedInWordsAndTheTextStays()
    {
        (IRenderedComponent<CedarEditor> editor, _) = Open("old");

        await editor.InvokeAsync(() => editor.Instance.TextRefusedAsync("The text would have 1,000,000 characters."));

        Assert.Contains("1,000,000", editor.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("old", editor.Instance.Value);
        await editor.InvokeAsync(() => editor.Instance.TextRefusedAsync(""));
        Assert.Empty(editor.FindAll("[role=alert]"));
    }

    [Fact]
    public void Text_SetFromOutside_GoesToTheScript()
    {
        (IRenderedComponent<CedarEditor> editor, BunitJSModuleInterop script) = Open("old");

        editor.Render(parameters => parameters.Add(one => one.Value, "mended"));

        Assert.Equal("mended", Assert.Single(script.Invocations["set"]).Arguments[0]);
    }

    [Fact]
    public void Problem_WithAMend_OffersItBesideItsPlace()
    {
        PolicyMend? made = null;
        PolicyProblem? gone = null;
        IRenderedComponent<FieldProblems> problems = Render<FieldProblems>(parameters => parameters
            .Add(one => one.All, [Unguarded]).Add(one => one.Field, nameof(DenyAccessPolicy.Cedar)).Add(one => one.ShowErrors, true)
            .Add(one => one.OnMend, EventCallback.Factory.Create<PolicyMend>(this, mend => made = mend))
            .Add(one => one.OnGo, EventCallback.Factory.Create<PolicyProblem>(this, problem => gone = problem)));

        problems.Find("button.mend").Click();
        problems.Find("button.place").Click();

        Assert.Equal("Ask hasTag first", problems.Find("button.mend").TextContent);
        Assert.Same(Unguarded.Mend, made);
        Assert.Same(Unguarded, gone);
    }

    private (IRenderedComponent<CedarEditor> Editor, BunitJSModuleInterop Script) Open(string text)
    {
        BunitJSModuleInterop module = JSInterop.SetupModule("./js/cedar-editor.js");
        BunitJSModuleInterop script = module.SetupModule("open", _ => true);
        script.Mode = JSRuntimeMode.Loose;
        IRenderedComponent<CedarEditor> editor = Render<CedarEditor>(parameters => parameters.Add(one => one.Value, text).Add(one => one.Label, "Cedar statements"));
        return (editor, script);
    }

    /// <summary>A browser that could not load the script.</summary>
    private sealed class NoScript : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new JSException("Failed to fetch dynamically imported module");

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);
    }
}
