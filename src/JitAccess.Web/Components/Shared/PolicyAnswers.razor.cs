using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Shared;

/// <summary>Every policy's own answer to one question, in order of evaluation: the explanation of a decision. In a long list those that matter stand, the rest is folded away.</summary>
public sealed partial class PolicyAnswers
{
    /// <summary>So many policies are read at a glance; only a longer list is folded.</summary>
    private const int Few = 8;

    /// <summary>So many of those that matter are shown before somebody asks for the rest.</summary>
    private const int Most = 24;

    /// <summary>So many policies that do not match say what they would need where access cannot be had.</summary>
    private const int MostNeeds = 4;

    private readonly HashSet<Guid> opened = [];
    private IReadOnlyList<PolicyAnswer> answers = [];
    private HashSet<Guid> mattering = [];
    private bool isComplete;

    /// <summary>What the question was about, for people who hear the table.</summary>
    [Parameter, EditorRequired] public string For { get; set; } = "";

    [Parameter, EditorRequired] public IReadOnlyList<PolicyAnswer> Answers { get; set; } = [];

    /// <summary>Which policies answered: <c>version 14</c>; null where it stands beside the table already.</summary>
    [Parameter] public string? Version { get; set; }

    /// <summary>Whether access cannot be had, so that what would help stands beside every answer.</summary>
    [Parameter] public bool IsRefusal { get; set; }

    private int Folded => answers.Count - mattering.Count;

    private IEnumerable<PolicyAnswer> Shown => isComplete ? answers : answers.Where(answer => mattering.Contains(answer.PolicyId));

    private string FoldedInWords => answers.All(answer => answer.Verdict == PolicyVerdict.DoesNotMatch || mattering.Contains(answer.PolicyId))
        ? Folded == 1 ? "1 more that does not match" : $"{Folded} more that do not match"
        : Folded == 1 ? "1 more that changes nothing" : $"{Folded} more that change nothing";

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(answers, Answers)) return;
        answers = Answers;
        mattering = [.. (answers.Count <= Few ? answers : MostImportant()).Select(answer => answer.PolicyId)];
    }

    private IEnumerable<PolicyAnswer> MostImportant() => answers.Where(answer => answer.Verdict != PolicyVerdict.DoesNotMatch || HasFailed(answer))
        .OrderByDescending(answer => Decides(answer.Verdict)).ThenBy(answer => answer.Verdict == PolicyVerdict.MatchesNotUsed).Take(Most)
        .Union(IsRefusal ? answers.Where(answer => !answer.WouldNeed.IsDefaultOrEmpty).Take(MostNeeds) : []);

    private static bool HasFailed(PolicyAnswer answer) => !answer.Statements.IsDefault && answer.Statements.Any(statement => statement.Outcome == ExplainedOutcome.Failed);

    private bool TellsNeeds(PolicyAnswer answer) => IsRefusal && !answer.WouldNeed.IsDefaultOrEmpty;

    private static bool CanOpen(PolicyAnswer answer) => !answer.Statements.IsDefaultOrEmpty || !answer.WouldNeed.IsDefaultOrEmpty || answer.Statement is not null;

    private void Toggle(PolicyAnswer answer)
    {
        if (!opened.Remove(answer.PolicyId)) opened.Add(answer.PolicyId);
    }

    private static bool Decides(PolicyVerdict verdict) =>
        verdict is PolicyVerdict.Decides or PolicyVerdict.ApprovesAutomatically or PolicyVerdict.Refuses;

    private static string KindOf(PolicyAnswer answer) => answer.Kind switch
    {
        PolicyKind.DenyAccess when answer.Verdict == PolicyVerdict.Refuses => "Deny-access, refuses",
        PolicyKind.DenyAccess => "Deny-access",
        PolicyKind.AutoApproval => "Auto-approval",
        PolicyKind.Manual => "Manual",
    };

    private static (Tone, Glyph, string) InWords(PolicyVerdict verdict) => verdict switch
    {
        PolicyVerdict.DoesNotMatch => (Tone.Idle, Glyph.Minus, "Does not match"),
        PolicyVerdict.BlocksAutomaticApproval => (Tone.Warn, Glyph.Alert, "Blocks automatic approval"),
        PolicyVerdict.Refuses => (Tone.Bad, Glyph.ShieldX, "Refuses"),
        PolicyVerdict.ApprovesAutomatically => (Tone.Ok, Glyph.Bolt, "Approves at once"),
        PolicyVerdict.WouldApproveButBlocked => (Tone.Idle, Glyph.Slash, "Would have matched, blocked"),
        PolicyVerdict.Decides => (Tone.Info, Glyph.Check, "Decides"),
        PolicyVerdict.OverlapsNotUsed => (Tone.Warn, Glyph.Alert, "Overlaps, not used"),
        PolicyVerdict.MatchesNotUsed => (Tone.Idle, Glyph.Slash, "Matches, not used"),
    };
}
