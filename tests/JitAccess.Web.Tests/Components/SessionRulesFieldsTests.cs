using Bunit;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies;
using JitAccess.Web.Components.Requests;
using MudBlazor.Services;

namespace JitAccess.Web.Tests.Components;

public sealed class SessionRulesFieldsTests : BunitContext
{
    private static readonly SessionRules Whole = new() { IdleTimeout = TimeSpan.FromMinutes(15), NeedsObserver = true, TellsWhenWatched = false, RecordingDays = 30, AllowsCredentials = true };

    public SessionRulesFieldsTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public async Task Fields_Entered_BecomeTheRules()
    {
        SessionRulesForm form = new();
        IRenderedComponent<SessionRulesFields> fields = Render<SessionRulesFields>(parameters => parameters.Add(one => one.Form, form)
            .Add(one => one.Problems, [new PolicyProblem("SessionRules", "The idle time-out is wrong."), new PolicyProblem("Name", "Another field's.")]));
        Assert.True(fields.Find("#tells-when-watched").HasAttribute("checked"));
        Assert.Null(form.ToRules());

        await fields.Find("#idle-minutes").InputAsync("15");
        await fields.Find("#recording-days").InputAsync("30");
        await fields.Find("#needs-observer").ChangeAsync(true);
        await fields.Find("#tells-when-watched").ChangeAsync(false);
        await fields.Find("#allows-credentials").ChangeAsync(true);

        Assert.Equal(Whole, form.ToRules());
        Assert.Equal("The idle time-out is wrong.", fields.Find("#session-rules-problems p").TextContent.Trim());
    }

    [Fact]
    public void Fields_ReadOnly_CannotBeChanged() =>
        Assert.True(Render<SessionRulesFields>(parameters => parameters.Add(one => one.Form, new SessionRulesForm()).Add(one => one.Problems, []).Add(one => one.ReadOnly, true)).Find("fieldset").HasAttribute("disabled"));

    [Fact]
    public void Form_BelowTheLimits_IsKeptForTheRulesToRefuse() =>
        Assert.Equal((TimeSpan.FromMinutes(-1), -1), (new SessionRulesForm { IdleMinutes = -1 }.ToRules()!.IdleTimeout, new SessionRulesForm { RecordingDays = -1 }.ToRules()!.RecordingDays));

    [Fact]
    public void Forms_Rules_SurviveAndTheDefaultsAreNone()
    {
        ManualPolicy manual = new() { Id = Guid.NewGuid(), Name = "M", MaximumHours = 1, Target = NodeTarget.AllNodes, Levels = [], SessionRules = Whole };
        AutoApprovalPolicy auto = new() { Id = Guid.NewGuid(), Name = "A", Cedar = "permit (principal, action, resource);", SessionRules = Whole };

        Assert.Equal(Whole, new ManualPolicyForm(manual).ToPolicy().SessionRules);
        Assert.Equal(Whole, Assert.IsType<AutoApprovalPolicy>(new CedarPolicyForm(auto).ToPolicy()).SessionRules);
        Assert.Null(new ManualPolicyForm(manual with { SessionRules = null }).ToPolicy().SessionRules);
        Assert.Null(Assert.IsType<AutoApprovalPolicy>(new CedarPolicyForm(auto with { SessionRules = null }).ToPolicy()).SessionRules);
    }

    [Fact]
    public void Forms_AnotherStateTaken_ShowItsRules()
    {
        ManualPolicy manual = new() { Id = Guid.NewGuid(), Name = "M", MaximumHours = 1, Target = NodeTarget.AllNodes, Levels = [] };
        AutoApprovalPolicy auto = new() { Id = Guid.NewGuid(), Name = "A", Cedar = "permit (principal, action, resource);" };
        ManualPolicyForm people = new(manual);
        CedarPolicyForm cedar = new(auto);

        people.Take(manual with { SessionRules = Whole });
        cedar.Take(auto with { SessionRules = Whole });

        Assert.Equal((Whole, Whole), (people.SessionRules.ToRules(), cedar.SessionRules.ToRules()));
    }

    [Fact]
    public void Words_Rules_AreSaidBeforeAndAfterAskingAndTheDefaultsAreNot()
    {
        SessionRules rules = new() { IdleTimeout = TimeSpan.FromMinutes(15), NeedsObserver = true };

        Assert.Equal("Sessions end after 15 min idle; need a second person who watches.", Render<SessionRulesWords>(parameters => parameters.Add(one => one.Of, rules)).Find("p").TextContent.Trim());
        Assert.Equal("Sessions: end after 15 min idle; need a second person who watches", string.Join(": ", Render<SessionRulesFact>(parameters => parameters.Add(one => one.Of, rules)).FindAll("dt, dd").Select(cell => cell.TextContent)));
        Assert.Empty(Render<SessionRulesWords>(parameters => parameters.Add(one => one.Of, new SessionRules())).Markup.Trim());
        Assert.Empty(Render<SessionRulesFact>(parameters => parameters.Add(one => one.Of, new SessionRules())).Markup.Trim());
    }
}
