namespace JitAccess.Web.Policies;

/// <summary>The state of the policies that somebody saw. A change names it, so that nothing is overwritten that they did not see.</summary>
/// <param name="Version">The version in force; 0 before anything was published.</param>
/// <param name="Draft">The last edit of the draft; null if there was no draft.</param>
public readonly record struct PolicyRevision(int Version, Guid? Draft);
