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
}
