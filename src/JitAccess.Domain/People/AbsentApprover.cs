using System.Collections.Immutable;

namespace JitAccess.Domain.People;

/// <summary>Somebody in whose place another may answer now, with what is known of them now: a group or role that they have lost gives their stand-in nothing either.</summary>
/// <param name="Person">The absent one.</param>
/// <param name="Roles">The roles that they may act under.</param>
public sealed record AbsentApprover(Person Person, ImmutableArray<RoleArn> Roles);
