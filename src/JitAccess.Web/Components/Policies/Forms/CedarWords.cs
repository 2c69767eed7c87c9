using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies.Forms;

/// <summary>What policies of this installation can name, offered while somebody writes.</summary>
/// <param name="Groups">Groups that people had at sign-in.</param>
/// <param name="Tags">The nodes' tag keys, each with the values that nodes have.</param>
/// <param name="Accounts">The nodes' accounts.</param>
/// <param name="Regions">The nodes' Regions.</param>
/// <param name="Platforms">The nodes' platforms.</param>
/// <param name="Zones">Time zones by their IANA names.</param>
public sealed record CedarWords(
    IReadOnlyList<string> Groups,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Tags,
    IReadOnlyList<string> Accounts,
    IReadOnlyList<string> Regions,
    IReadOnlyList<string> Platforms,
    IReadOnlyList<string> Zones)
{
    /// <summary>Nothing is known yet.</summary>
    public static CedarWords None { get; } = new([], new Dictionary<string, IReadOnlyList<string>>(), [], [], [], []);

    /// <summary>The tag of some node that differs from a tag in nothing but upper and lower case; null if there is none.</summary>
    public TagPair? Meant(TagPair tag) =>
        (from known in Tags
         where string.Equals(known.Key, tag.Key, StringComparison.OrdinalIgnoreCase)
         from value in known.Value
         where string.Equals(value, tag.Value, StringComparison.OrdinalIgnoreCase)
         select new TagPair(known.Key, value)).FirstOrDefault(meant => meant != tag);
}
