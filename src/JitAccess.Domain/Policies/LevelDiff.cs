using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>How the levels of a manual policy differ, in sentences.</summary>
internal static class LevelDiff
{
    /// <summary>A sentence for each level that came or went, and for each change within one; a level that only has another number because of that has none.</summary>
    public static IEnumerable<string> Between(ImmutableArray<ApprovalLevel> before, ImmutableArray<ApprovalLevel> after)
    {
        int head = 0;
        while (head < before.Length && head < after.Length && before[head].Equals(after[head])) head++;
        int tail = 0;
        while (tail < Math.Min(before.Length, after.Length) - head && before[^(tail + 1)].Equals(after[^(tail + 1)])) tail++;

        for (int index = head; index < Math.Max(before.Length, after.Length) - tail; index++)
        {
            ApprovalLevel? was = index < before.Length - tail ? before[index] : null;
            ApprovalLevel? now = index < after.Length - tail ? after[index] : null;
            IEnumerable<string> sentences = (was, now) switch
            {
                ({ } old, { } kept) => Within(index + 1, old, kept),
                (null, { } added) => [$"Level {index + 1} added: {PolicyWords.Of(added)}."],
                ({ } removed, null) => [$"Level {index + 1} removed: {PolicyWords.Of(removed)}."],
                _ => [],
            };
            foreach (string sentence in sentences) yield return sentence;
        }
    }

    private static IEnumerable<string> Within(int number, ApprovalLevel before, ApprovalLevel after)
    {
        if (before.RequiredApprovals != after.RequiredApprovals)
            yield return $"Approvals at level {number} {(after.RequiredApprovals > before.RequiredApprovals ? "raised" : "lowered")} from {before.RequiredApprovals} to {after.RequiredApprovals}.";
        if (before.Approvers.SequenceEqual(after.Approvers)) yield break;

        ImmutableArray<Approver> added = [.. after.Approvers.Except(before.Approvers)];
        ImmutableArray<Approver> removed = [.. before.Approvers.Except(after.Approvers)];
        foreach (Approver approver in added) yield return $"Approver added at level {number}: {PolicyWords.Of(approver)}.";
        foreach (Approver approver in removed) yield return $"Approver removed at level {number}: {PolicyWords.Of(approver)}.";
        if (added.IsEmpty && removed.IsEmpty)
            yield return $"Still the same approvers at level {number}, written in another way: {string.Join(", ", after.Approvers.Select(PolicyWords.Of))}.";
    }
}
