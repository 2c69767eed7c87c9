using JitAccess.Domain.Audit;
using JitAccess.Web.Notifications;

namespace JitAccess.Web.Data;

/// <summary>Every change is told twice, in its own transaction: to the audit, and to the outbox.</summary>
internal static class ChangeRecord
{
    /// <summary>Adds the audit entry and the outbox message of one change to the context; the caller's save writes them with the change.</summary>
    public static void Record(this JitAccessDbContext database, AuditEntry entry)
    {
        database.AuditEntries.Add(entry);
        database.Outbox.Add(new OutboxMessage(KindOf(entry.Action), new { entry.Subject, entry.NodeId, entry.Actor, entry.ActorName, entry.Why }, entry.At));
    }

    // Things whose name has two words; of every other the first word is the thing.
    private static readonly string[] TwoWords = ["PolicySet", "PolicyDraft"];

    /// <summary><c>RequestApproved</c> becomes <c>request.approved</c>: first the thing, then what happened to it.</summary>
    internal static string KindOf(AuditAction action)
    {
        string name = action.ToString();
        string thing = TwoWords.FirstOrDefault(words => name.StartsWith(words, StringComparison.Ordinal)) ?? name[..(1 + name.AsSpan(1).IndexOfAnyInRange('A', 'Z'))];
        return $"{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(thing)}.{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name[thing.Length..])}";
    }
}
