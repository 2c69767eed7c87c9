namespace JitAccess.Web.Data;

/// <summary>Patterns of Postgres's <c>LIKE</c> for text that somebody typed.</summary>
internal static class LikePattern
{
    /// <summary>Matches whatever holds the text, whose own wildcards mean themselves.</summary>
    public static string Containing(string text) =>
        $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
