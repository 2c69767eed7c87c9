using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>The pairs that a change moves, filtered.</summary>
public sealed partial class ImpactMoves
{
    /// <summary>How many pairs of each policy stand for all of them.</summary>
    private const int Sample = 3;
    private const int PageSize = 50;

    private List<Group> groups = [];
    private (ImpactReport, ImpactFilter, int) shown;
    private int take = PageSize;

    [Parameter, EditorRequired] public ImpactReport Report { get; set; } = null!;

    [Parameter, EditorRequired] public Guid RunId { get; set; }

    /// <summary>The zone in which times are told.</summary>
    [Parameter, EditorRequired] public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>When the analysis was made.</summary>
    [Parameter, EditorRequired] public DateTimeOffset MadeAt { get; set; }

    [Parameter, EditorRequired] public ImpactFilter Filter { get; set; } = new();

    [Parameter, EditorRequired] public EventCallback<ImpactFilter> OnFilter { get; set; }

    protected override void OnParametersSet()
    {
        if (shown.Item1 == Report && shown.Item2 == Filter) return;
        take = PageSize;
        Build();
    }

    private static string Pressed(bool isPressed) => isPressed ? "true" : "false";

    private string TimesOf(ImpactMove move) => ImpactTimes.InWords(move.Times, Zone, MadeAt);

    private void ShowMore()
    {
        take += PageSize;
        Build();
    }

    // Enumerates pairs only as far as they are shown: a change can move millions.
    private void Build()
    {
        shown = (Report, Filter, take);
        int most = Filter.Because is null ? Sample : take;
        groups = [.. Report.Moves.Where(Filter.Admits).GroupBy(move => (move.Cause?.Id, move.Kind)).Select(moves =>
        {
            long pairs = Filter.Text.Length == 0 ? moves.Sum(move => move.Pairs) : moves.Sum(move => Filter.PairsOf(move).LongCount());
            List<Row> rows = [.. moves.SelectMany(move => Filter.PairsOf(move).Select(pair => new Row(pair.Person, pair.Node, move))).Take(most)];
            return new Group(moves.First().Cause, moves.Key.Kind, pairs, rows);
        }).Where(group => group.Pairs > 0).OrderByDescending(group => group.Kind).ThenByDescending(group => group.Pairs)];
    }

    private sealed record Row(Actor Person, Node Node, ImpactMove Move);

    private sealed record Group(Policy? Policy, ImpactMoveKind Kind, long Pairs, List<Row> Rows)
    {
        public string Name => Policy?.Name ?? "Several policies";
    }
}
