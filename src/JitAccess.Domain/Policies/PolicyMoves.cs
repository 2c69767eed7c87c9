using static JitAccess.Domain.Policies.PolicySetDiff;

namespace JitAccess.Domain.Policies;

/// <summary>Which policies changed their place, as few as explain the new order.</summary>
internal static class PolicyMoves
{
    /// <summary>A sentence for every policy that moved within its stage of evaluation: <c>Moved before “Production”.</c></summary>
    public static Dictionary<PolicyKey, string> Between(IReadOnlyList<Place> before, IReadOnlyList<Place> after)
    {
        Dictionary<PolicyKey, int> rankBefore = before.Select((place, rank) => (place.Key, rank)).ToDictionary(pair => pair.Key, pair => pair.rank);
        Dictionary<PolicyKey, string> sentences = [];
        foreach (IGrouping<(PolicyKind, bool), Place> stage in after.Where(place => rankBefore.TryGetValue(place.Key, out int rank) && before[rank].Stage == place.Stage).GroupBy(place => place.Stage))
        {
            Place[] places = [.. stage];
            int[] ranks = [.. places.Select(place => rankBefore[place.Key])];
            bool[] stays = LongestRising(ranks);
            int[] nextStaying = new int[places.Length];
            for (int index = places.Length - 1, next = -1; index >= 0; index--)
            {
                nextStaying[index] = next;
                if (stays[index]) next = index;
            }
            for (int index = 0, previous = -1; index < places.Length; index++)
            {
                if (stays[index])
                {
                    previous = index;
                    continue;
                }
                // Were it between the same two as before, it could have stayed: it came before the next one, or fell behind the previous one.
                sentences[places[index].Key] = nextStaying[index] is var following and >= 0 && ranks[following] < ranks[index]
                    ? $"Moved before “{places[following].Policy.Name}”."
                    : $"Moved behind “{places[previous].Policy.Name}”.";
            }
        }
        return sentences;
    }

    /// <summary>Marks a longest rising subsequence (patience sorting): what may be said to have stayed where it was.</summary>
    private static bool[] LongestRising(int[] ranks)
    {
        List<int> ends = [];
        int[] previous = new int[ranks.Length];
        for (int index = 0; index < ranks.Length; index++)
        {
            int length = ends.BinarySearch(index, Comparer<int>.Create((one, other) => ranks[one].CompareTo(ranks[other])));
            if (length < 0) length = ~length;
            previous[index] = length == 0 ? -1 : ends[length - 1];
            if (length == ends.Count) ends.Add(index);
            else ends[length] = index;
        }
        bool[] chosen = new bool[ranks.Length];
        for (int index = ends.Count == 0 ? -1 : ends[^1]; index >= 0; index = previous[index]) chosen[index] = true;
        return chosen;
    }
}
