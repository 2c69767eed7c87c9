namespace JitAccess.Web.Live;

/// <summary>Something was committed. Says what to read again, not what it is: readers query under their own rights.</summary>
/// <param name="Topic">One topic.</param>
/// <param name="Id">The id of the thing; empty when anything of the topic may have changed.</param>
public sealed record Change(ChangeTopic Topic, string Id)
{
    /// <summary>Whom it concerns, as keys of approvers and people (<c>group:leads</c>, <c>person:alice</c>); null for everybody.</summary>
    public IReadOnlyList<string>? Audience { get; init; }

    /// <summary>Whether somebody who has these keys may find anything new; null for somebody who reads everything.</summary>
    public bool Concerns(IReadOnlySet<string>? reader) => reader is null || Audience is null || Audience.Any(reader.Contains);
}
