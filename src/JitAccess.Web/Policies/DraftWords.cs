namespace JitAccess.Web.Policies;

/// <summary>What happened to the draft, in words for somebody who comes late.</summary>
internal static class DraftWords
{
    /// <summary><c>admin</c>, <c>admin and lead</c>, <c>admin, lead and third</c></summary>
    public static string Names(IEnumerable<string> names)
    {
        List<string> all = [.. names.Distinct()];
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}";
    }

    /// <summary>The changes that somebody who saw <paramref name="seen"/> does not know of: <c>admin changed the draft meanwhile: Added “Batch”.</c></summary>
    public static string Since(PolicyDraft draft, Guid? seen)
    {
        int known = draft.Edits.Select((edit, index) => (edit, index)).LastOrDefault(one => one.edit.Revision == seen, (null!, -1)).Item2;
        DraftEdit[] news = [.. draft.Edits.Skip(known + 1)];
        return $"{Names(news.Select(edit => edit.ByName))} changed the draft meanwhile: {string.Join(" ", news.TakeLast(5).Select(edit => edit.What))}";
    }
}
