namespace JitAccess.Domain.Policies.Impact;

/// <summary>How many pairs of person and node move from which outcome to which. Each pair counts once, with the most serious of its moves where times differ.</summary>
public sealed class ImpactCounts
{
    private const int Outcomes = 4;
    private readonly long[] _pairs = new long[Outcomes * Outcomes];
    private readonly long[] _changed = new long[Outcomes * Outcomes];
    private readonly long[] _byKind = new long[5];

    /// <summary>Pairs that go from one outcome to another, unchanged ones on the diagonal.</summary>
    public long this[DecisionOutcome before, DecisionOutcome after] => _pairs[Cell(before, after)];

    /// <summary>Pairs whose most serious move is of this kind.</summary>
    public long this[ImpactMoveKind kind] => _byKind[(int)kind];

    /// <summary>All pairs.</summary>
    public long Total => _pairs.Sum();

    /// <summary>Pairs that move in any way.</summary>
    public long Changed => _changed.Sum();

    /// <summary>Pairs in a cell that move in some way; on the diagonal those that keep the outcome but on other terms.</summary>
    public long ChangedIn(DecisionOutcome before, DecisionOutcome after) => _changed[Cell(before, after)];

    /// <summary>Pairs with this outcome before.</summary>
    public long Before(DecisionOutcome outcome) => Enum.GetValues<DecisionOutcome>().Sum(after => this[outcome, after]);

    /// <summary>Pairs with this outcome after.</summary>
    public long After(DecisionOutcome outcome) => Enum.GetValues<DecisionOutcome>().Sum(before => this[before, outcome]);

    internal void Add(DecisionOutcome before, DecisionOutcome after, ImpactMoveKind kind, long pairs)
    {
        int cell = Cell(before, after);
        _pairs[cell] += pairs;
        _byKind[(int)kind] += pairs;
        if (kind != ImpactMoveKind.None) _changed[cell] += pairs;
    }

    private static int Cell(DecisionOutcome before, DecisionOutcome after) => (int)before * Outcomes + (int)after;
}
