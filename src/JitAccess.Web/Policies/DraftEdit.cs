namespace JitAccess.Web.Policies;

/// <summary>One change of the draft.</summary>
/// <param name="Revision">The draft's revision since.</param>
/// <param name="At">When.</param>
/// <param name="ByName">Who made it.</param>
/// <param name="What">What was changed, in one sentence.</param>
public sealed record DraftEdit(Guid Revision, DateTimeOffset At, string ByName, string What);

/// <summary>Somebody who changed the draft since its base.</summary>
public sealed record DraftEditor(string Subject, string Name);
