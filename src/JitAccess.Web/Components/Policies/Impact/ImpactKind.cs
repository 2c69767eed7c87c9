using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Shared;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>How a kind of move is shown: colour, icon and words.</summary>
/// <param name="Of">The kind.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Glyph">Its icon.</param>
/// <param name="Words"><c>access lost</c></param>
/// <param name="CellClass">What colours a cell of the matrix.</param>
/// <param name="Explanation">What it means for the people.</param>
public sealed record ImpactKind(ImpactMoveKind Of, Tone Tone, Glyph Glyph, string Words, string CellClass, string Explanation)
{
    /// <summary>All kinds of move, most serious first.</summary>
    public static IReadOnlyList<ImpactKind> All { get; } =
    [
        new(ImpactMoveKind.AccessLost, Tone.Bad, Glyph.ShieldX, "access lost", "none", "They could have access and cannot any more."),
        new(ImpactMoveKind.MoreSteps, Tone.Warn, Glyph.Up, "more steps", "less", "Access still, with more approvals."),
        new(ImpactMoveKind.MoreAccess, Tone.Ok, Glyph.Plus, "more access", "more", "Access where there was none, or with fewer approvals."),
        new(ImpactMoveKind.OtherTerms, Tone.Info, Glyph.Sliders, "other terms", "other", "As many steps, but other people to ask, another length or another policy."),
    ];

    public static ImpactKind For(ImpactMoveKind kind) => All.Single(one => one.Of == kind);
}
