using JitAccess.Cedar.Evaluation;

namespace JitAccess.Cedar;

/// <summary>
/// Which statements of a <see cref="CompiledPolicySet"/> matched a request and which could not be evaluated. Filled by
/// <see cref="CompiledPolicySet.Evaluate(AuthorizationRequest, EntityStore, StatementMatches)"/>; keep one a thread and use it again, so that a decision allocates nothing.
/// </summary>
public sealed class StatementMatches
{
    private int[] _matched = new int[16];
    private int[] _failed = new int[4];
    private int _matchedCount;
    private int _failedCount;
    private int[] _visits = [];
    private int _visit;
    private RecordValue?[] _tables = [];

    /// <summary>Allow when some permit matched and no forbid did.</summary>
    public Decision Decision { get; private set; }

    /// <summary>The statements that matched, permits and forbids, as positions in <see cref="CompiledPolicySet.PolicyIds"/>, ascending.</summary>
    public ReadOnlySpan<int> Matched => _matched.AsSpan(0, _matchedCount);

    /// <summary>The statements that could not be evaluated, which count as not matching, as positions in <see cref="CompiledPolicySet.PolicyIds"/>, ascending.</summary>
    public ReadOnlySpan<int> Failed => _failed.AsSpan(0, _failedCount);

    internal Question Question { get; } = new();

    internal void Clear()
    {
        _matchedCount = 0;
        _failedCount = 0;
        Decision = Decision.Deny;
    }

    /// <summary>For each statement the number of the last visit that asked it, and the number of a new visit.</summary>
    internal (int[] Visits, int Number) StartVisit(int statements)
    {
        if (_visits.Length < statements || _visit == int.MaxValue)
        {
            _visits = new int[statements];
            _visit = 0;
        }
        return (_visits, ++_visit);
    }

    /// <summary>Room for the attributes or tags that one visit looks at.</summary>
    internal RecordValue?[] Tables(int count)
    {
        if (_tables.Length < count)
            _tables = new RecordValue?[count];
        return _tables;
    }

    internal void Add(int index, Value outcome)
    {
        if (outcome.IsTrue)
            Append(ref _matched, ref _matchedCount, index);
        else if (!outcome.IsFalse)
            Append(ref _failed, ref _failedCount, index);
    }

    internal void Decide(CompiledStatement[] statements)
    {
        _matched.AsSpan(0, _matchedCount).Sort();
        _failed.AsSpan(0, _failedCount).Sort();
        foreach (var index in Matched)
        {
            if (statements[index].Syntax.Effect == Effect.Forbid)
            {
                Decision = Decision.Deny;
                return;
            }
            Decision = Decision.Allow;
        }
    }

    private static void Append(ref int[] list, ref int count, int index)
    {
        if (count == list.Length)
            Array.Resize(ref list, 2 * count);
        list[count++] = index;
    }
}
