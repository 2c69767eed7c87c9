namespace JitAccess.Web.Live;

/// <summary>Something was committed. Says what to read again, not what it is: readers query under their own rights.</summary>
/// <param name="Topic">One topic.</param>
/// <param name="Id">The id of the thing; empty when anything of the topic may have changed.</param>
public sealed record Change(ChangeTopic Topic, string Id);
