using System.Text;

namespace JitAccess.Sandbox.Aws;

/// <summary>Cuts ordered results into pages; the token names the last item of the page before, so changes in between do no harm.</summary>
internal static class Paging
{
    public static (IReadOnlyList<T> Page, string? NextToken) Cut<T>(
        IEnumerable<T> items, Func<T, string> key, int? pageSize, string? token, string invalidTokenCode)
    {
        List<T> rest = [.. items.OrderBy(key, StringComparer.Ordinal)];
        if (token is not null)
        {
            string last = Decode(token) ?? throw new AwsError(invalidTokenCode, "The specified token is not valid.");
            rest.RemoveAll(item => string.CompareOrdinal(key(item), last) <= 0);
        }

        if (pageSize is not int size || rest.Count <= size)
            return (rest, null);
        return (rest[..size], Convert.ToBase64String(Encoding.UTF8.GetBytes($"after {key(rest[size - 1])}")));
    }

    private static string? Decode(string token)
    {
        byte[] bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out int length)
            && Encoding.UTF8.GetString(bytes, 0, length) is { } text
            && text.StartsWith("after ", StringComparison.Ordinal)
            ? text["after ".Length..]
            : null;
    }
}
