using System.Globalization;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Shared;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>Outcomes and moves with their words, colours and icons.</summary>
internal static class ImpactWords
{
    /// <summary>The outcomes in the order in which tables show them.</summary>
    public static readonly DecisionOutcome[] Outcomes = [DecisionOutcome.Automatic, DecisionOutcome.NeedsApproval, DecisionOutcome.Refused, DecisionOutcome.NotCovered];

    /// <summary>The kinds of move that are worth a look, most serious first.</summary>
    public static readonly ImpactMoveKind[] Kinds = [ImpactMoveKind.AccessLost, ImpactMoveKind.MoreSteps, ImpactMoveKind.MoreAccess, ImpactMoveKind.OtherTerms];

    public static string Of(ImpactMoveKind kind) => kind switch
    {
        ImpactMoveKind.None => "Unchanged",
        ImpactMoveKind.OtherTerms => "Other terms",
        ImpactMoveKind.MoreAccess => "More access",
        ImpactMoveKind.MoreSteps => "More steps",
        ImpactMoveKind.AccessLost => "Access lost",
    };

    /// <summary>The kind as the address has it, and as the sheet names its colour.</summary>
    public static string Key(ImpactMoveKind kind) => kind switch
    {
        ImpactMoveKind.None => "same",
        ImpactMoveKind.OtherTerms => "terms",
        ImpactMoveKind.MoreAccess => "more",
        ImpactMoveKind.MoreSteps => "less",
        ImpactMoveKind.AccessLost => "none",
    };

    public static ImpactMoveKind? KindOf(string? key) => Kinds.Where(kind => Key(kind) == key).Select(kind => (ImpactMoveKind?)kind).FirstOrDefault();

    /// <summary>The outcome as the address has it: <c>needs-approval</c>.</summary>
    public static string Key(DecisionOutcome outcome) => ImpactLoss.InWords(outcome).Replace(' ', '-');

    public static DecisionOutcome? OutcomeOf(string? key) => Outcomes.Where(outcome => Key(outcome) == key).Select(outcome => (DecisionOutcome?)outcome).FirstOrDefault();

    public static (Tone Tone, Glyph Glyph) Shown(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Automatic => (Tone.Ok, Glyph.Bolt),
        DecisionOutcome.NeedsApproval => (Tone.Info, Glyph.People),
        DecisionOutcome.Refused => (Tone.Bad, Glyph.ShieldX),
        DecisionOutcome.NotCovered => (Tone.Idle, Glyph.Minus),
    };

    /// <summary><c>2,440</c></summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>+39</c>, <c>−37</c>, <c>0</c></summary>
    public static string Difference(long number) => number switch
    {
        > 0 => $"+{Number(number)}",
        < 0 => $"−{Number(-number)}",
        _ => "0",
    };
}
