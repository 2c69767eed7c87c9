using System.Text.Json;
using JitAccess.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace JitAccess.Web.Api;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">Where the next page is, under this host; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How lists are cut into pages.</summary>
internal static class Paging
{
    public const int Default = 50;

    public const int Most = 100;

    /// <summary>How many are asked for.</summary>
    /// <exception cref="RefusedException">Fewer than one, or more than <see cref="Most"/>.</exception>
    public static int Limit(int? asked) => asked is null or (>= 1 and <= Most)
        ? asked ?? Default
        : throw new RefusedException(RefusalKind.Invalid, $"limit is {asked}; it must be from 1 to {Most}.");

    /// <summary>A cursor that is a request's number.</summary>
    /// <exception cref="RefusedException">It is none that was given out.</exception>
    public static long? Number(string? cursor) => cursor is null ? null : long.TryParse(cursor, System.Globalization.NumberStyles.None, null, out long number) && number > 0
        ? number
        : throw UnknownCursor();

    /// <summary>One of some names, as it stands in an address; null for none.</summary>
    /// <exception cref="RefusedException">It is none of them.</exception>
    public static T? Named<T>(string parameter, string? name) where T : struct, Enum => name is null ? null : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!) == name)
        ?? throw new RefusedException(RefusalKind.Invalid, $"{parameter} is one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");

    public static RefusedException UnknownCursor() => new(RefusalKind.Invalid, "This cursor leads nowhere (any more). Begin the list anew, without a cursor.");

    /// <summary>The page, with the link to the next one: the same question from another place on, also as <c>Link</c> (RFC 8288).</summary>
    public static Page<T> Of<T>(HttpContext http, IReadOnlyList<T> items, string? nextCursor)
    {
        if (nextCursor is null) return new Page<T>(items, null);
        IEnumerable<KeyValuePair<string, string?>> query = http.Request.Query.Where(pair => pair.Key != "cursor")
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))).Append(KeyValuePair.Create<string, string?>("cursor", nextCursor));
        string next = QueryHelpers.AddQueryString(http.Request.Path.Value!, query);
        http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        return new Page<T>(items, next);
    }
}
