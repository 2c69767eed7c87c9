using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Sessions;

namespace JitAccess.Web.Sessions;

/// <summary>A session in a list, with what is kept of it (null when nothing was recorded) and the first few of the commands that were searched for.</summary>
public sealed record SessionRow(
    Session Session, Grant Grant, Recording? Recording, string PersonName, string NodeName, AccountId Account, string Region, long RequestNumber, Guid RequestId, IReadOnlyList<RecordedCommand> Hits);

/// <summary>A page of sessions.</summary>
/// <param name="Rows">The sessions, newest first.</param>
/// <param name="Older">The place to go on from; null if there are none older.</param>
public sealed record SessionPage(IReadOnlyList<SessionRow> Rows, Guid? Older);

/// <summary>Which sessions.</summary>
public sealed record SessionFilter
{
    /// <summary>A part of the person's or the node's name, or of the node's id; null for all.</summary>
    public string? Text { get; init; }

    /// <summary>A part of a command that was entered; null for all.</summary>
    public string? Command { get; init; }

    /// <summary>Whether every session is meant.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Text) && string.IsNullOrEmpty(Command);
}
