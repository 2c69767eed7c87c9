using System.Collections.Immutable;

namespace JitAccess.Web.Tokens;

/// <summary>What a token lets its bearer do at most. What the person themselves may do is asked beside it, always.</summary>
public static class TokenScopes
{
    public const string Read = "read";

    public const string Request = "request";

    public const string Approve = "approve";

    public const string Connect = "connect";

    /// <summary>All of them, in the order in which people read them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Request, Approve, Connect];

    /// <summary>Scopes as RFC 6749 writes them, with spaces between; reading alone when none is named, null when one is not known.</summary>
    public static ImmutableSortedSet<string>? Parse(string? text)
    {
        string[] names = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) names = [Read];
        return names.All(All.Contains) ? names.ToImmutableSortedSet(StringComparer.Ordinal) : null;
    }

    /// <summary>A scope as the person reads it who is asked for it.</summary>
    public static string Described(string scope) => scope switch
    {
        Read => "See nodes, requests and sessions that you may see",
        Request => "Ask for access in your name, and cancel, extend and return it",
        Approve => "Approve, reject and revoke in your name",
        Connect => "Open sessions on nodes that you have access to",
        _ => scope,
    };
}
