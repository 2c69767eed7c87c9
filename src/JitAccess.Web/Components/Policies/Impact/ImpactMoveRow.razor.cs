using System.Globalization;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Policies.Simulator;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>One move: who with which nodes, from what to what; opened, its pairs.</summary>
public sealed partial class ImpactMoveRow
{
    private const int PageSize = 50;

    /// <summary>So many names are told before the rest is counted.</summary>
    private const int FewNames = 3;

    private bool isOpen;
    private int take = PageSize;

    [Parameter, EditorRequired] public ImpactMatch Match { get; set; } = null!;

    [Parameter, EditorRequired] public ImpactRun Run { get; set; } = null!;

    [Parameter, EditorRequired] public ImpactReport Report { get; set; } = null!;

    /// <summary>What the simulator calls the policies after the change; null if it does not know them.</summary>
    [Parameter] public string? AfterSet { get; set; }

    [Parameter, EditorRequired] public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    private string BeforeSet => Run.Before.Number.ToString(CultureInfo.InvariantCulture);

    private string PeopleInShort => InShort(Match.People.Select(person => person.Person.DisplayName), Match.People.Count, Report.People.Count, "people");

    private string NodesInShort => InShort(Match.Nodes.Select(node => node.Name), Match.Nodes.Count, Report.Nodes.Count, "nodes");

    private string? GroupInCommon => Match.People.Count <= FewNames ? null
        : Match.People.First().Person.Groups.FirstOrDefault(group => Match.People.All(person => person.Person.Groups.Contains(group)));

    // Everything has a name of its own, so the Name tag is never what nodes have in common.
    private TagPair? TagInCommon => Match.Nodes.Count <= FewNames ? null
        : Match.Nodes.First().Tags.Where(tag => tag.Key != "Name" && Match.Nodes.All(node => node.Tags.GetValueOrDefault(tag.Key) == tag.Value))
            .Select(tag => new TagPair(tag.Key, tag.Value)).FirstOrDefault();

    private static string InShort(IEnumerable<string> names, int count, int all, string many) => count switch
    {
        _ when count == all && count > FewNames => $"all {Words.Number(all)} {many}",
        <= FewNames => string.Join(", ", names),
        _ => $"{string.Join(", ", names.Take(FewNames))} and {Words.Number(count - FewNames)} more",
    };

    private static string TermsOf(BriefDecision decision)
    {
        string by = decision.By is { } policy ? $"by “{policy.Name}”" : "";
        if (!decision.CanBeRequested) return by;
        string levels = decision.Levels.IsEmpty ? "" : $": {ApprovalLevel.InOrder(decision.Levels)}, up to {decision.MaximumHours} h";
        return decision.Blocking is { } blocking ? $"{by}{levels}; “{blocking.Name}” stands against automatic access" : $"{by}{levels}";
    }

    private string WhyAddress(Actor person, Node node, string set) =>
        new SimulatorAddress { Person = person.Subject, Node = node.Id.Value, At = Match.Move.Times.IsEmpty ? null : Match.Move.Times[0], Set = set }.ToString();
}
