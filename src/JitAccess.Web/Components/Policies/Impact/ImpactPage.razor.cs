using System.Globalization;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>Compares any two versions, or a version and the draft. Which is in the address.</summary>
public sealed partial class ImpactPage(PolicyQueries policies, NavigationManager navigation)
{
    private const string Draft = "draft";
    private const string Nothing = "Nothing: before the first version";

    /// <summary>The number of the version before; empty for the one in force.</summary>
    [SupplyParameterFromQuery] public string? From { get; set; }

    /// <summary>The number of the version after, or <c>draft</c>; empty for the draft, or the version in force where there is none.</summary>
    [SupplyParameterFromQuery] public string? To { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private async Task<Compared> LoadAsync(CancellationToken cancellationToken)
    {
        CurrentPolicies current = await policies.CurrentAsync(Actor, cancellationToken);
        IReadOnlyList<VersionSummary> newest = await policies.VersionsAsync(Actor, below: null, cancellationToken);
        int before = Read(From) ?? current.InForce.Number;
        string afterSet = To ?? (current.Draft is null ? Number(current.InForce.Number) : Draft);
        PolicySet after = afterSet == Draft ? await policies.DraftAsync(Actor, cancellationToken) : await OfAsync(Read(afterSet) ?? throw RefusedException.NotFound("version"), cancellationToken);
        List<VersionSummary> versions = [.. newest];
        // An old version that came with the address stands in the lists as well.
        foreach (int number in new[] { before, Read(afterSet) ?? before }.Where(number => number > 0 && versions.All(version => version.Number != number)).Distinct())
            versions.Add((await policies.VersionAsync(Actor, number, cancellationToken)).Version);
        return new Compared(new PolicySetVersion(before, await OfAsync(before, cancellationToken)), after, afterSet, versions, current.Draft is not null);
    }

    // Version 0 is what was in force before anything was published.
    private async Task<PolicySet> OfAsync(int version, CancellationToken cancellationToken) =>
        version == 0 ? PolicySet.Empty : await policies.PublishedAsync(Actor, version, cancellationToken);

    private static int? Read(string? number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : null;

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static string InWords(VersionSummary version) => $"Version {version.Number}: {(version.Comment.Length <= 60 ? version.Comment : $"{version.Comment[..60]}…")}";

    private void Show(string side, string? value) => navigation.NavigateTo(navigation.GetUriWithQueryParameter(side, value), replace: true);

    private sealed record Compared(PolicySetVersion Before, PolicySet After, string AfterSet, IReadOnlyList<VersionSummary> Versions, bool HasDraft)
    {
        public string AfterName => AfterSet switch
        {
            Draft => "the draft",
            "0" => "having no policies",
            _ => $"version {AfterSet}",
        };
    }
}
