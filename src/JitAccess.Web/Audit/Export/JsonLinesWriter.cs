using System.Text.Json;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Export;

/// <summary>One object an entry, with every column as stored; the last object is <c>{"end":true,"entries":…}</c>.</summary>
internal sealed class JsonLinesWriter(Stream stream) : JsonExportWriter(stream)
{
    protected override void WriteEntry(Utf8JsonWriter json, ExportedEntry exported)
    {
        StoredEntry entry = exported.Entry;
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteString("at", AuditText.Instant(entry.At));
        json.WriteString("actor", entry.Actor);
        json.WriteString("actorName", entry.ActorName);
        json.WriteString("actorIdentity", entry.ActorIdentity);
        json.WriteString("actorAddress", entry.ActorAddress);
        json.WriteString("action", entry.Action);
        json.WriteString("subject", entry.Subject);
        json.WriteString("nodeId", entry.NodeId);
        Raw(json, "before", entry.Before);
        Raw(json, "after", entry.After);
        Number(json, "policySetVersion", entry.PolicySetVersion);
        json.WriteString("why", entry.Why);
        Number(json, "block", exported.Block);
        Number(json, "position", exported.Position);
        json.WriteEndObject();
    }

    protected override void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("end", true);
        json.WriteNumber("entries", Count);
        json.WriteEndObject();
    }
}
