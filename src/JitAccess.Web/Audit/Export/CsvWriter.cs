using System.Globalization;
using System.Text;
using JitAccess.Domain.Audit;
using JitAccess.Web.Downloads;

namespace JitAccess.Web.Audit.Export;

/// <summary>One line an entry; the last begins with <c>end</c> and the number of entries.</summary>
internal sealed class CsvWriter(Stream stream) : ExportWriter(stream)
{
    private static readonly string[] Head =
    [
        "id", "at", "actor", "actor_name", "actor_identity", "actor_address", "action", "subject", "node_id", "before", "after", "policy_set_version", "why", "block", "position",
    ];

    public override ValueTask BeginAsync(CancellationToken cancellationToken) => LineAsync(Bytes(Head), cancellationToken);

    protected override ReadOnlyMemory<byte> Line(ExportedEntry exported)
    {
        StoredEntry entry = exported.Entry;
        return Bytes(
        [
            entry.Id.ToString(), AuditText.Instant(entry.At), entry.Actor ?? "", entry.ActorName, entry.ActorIdentity ?? "", entry.ActorAddress ?? "", entry.Action, entry.Subject, entry.NodeId ?? "",
            entry.Before ?? "", entry.After ?? "", Number(entry.PolicySetVersion), entry.Why, Number(exported.Block), Number(exported.Position),
        ]);
    }

    protected override ReadOnlyMemory<byte> End() => Bytes(["end", Number(Count), .. Enumerable.Repeat("", Head.Length - 2)]);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static byte[] Bytes(IEnumerable<string> cells) => Encoding.UTF8.GetBytes(CsvText.Line(cells));
}
