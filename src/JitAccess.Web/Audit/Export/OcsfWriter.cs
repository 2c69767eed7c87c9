using System.Text.Json;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Export;

/// <summary>One OCSF event an entry; the last is an event that says how many there were. docs/audit.md has the table.</summary>
internal sealed class OcsfWriter(Stream stream, DateTimeOffset now) : JsonExportWriter(stream)
{
    /// <summary>The version of the schema.</summary>
    public const string Version = "1.3.0";

    private const string Product = "JitAccess";

    protected override void WriteEntry(Utf8JsonWriter json, ExportedEntry exported) => Write(json, exported);

    /// <summary>Writes the event that an entry is.</summary>
    internal static void Write(Utf8JsonWriter json, ExportedEntry exported)
    {
        StoredEntry entry = exported.Entry;
        OcsfEvent happened = OcsfEvent.Of(entry.Action);
        json.WriteStartObject();
        Begin(json, happened, entry.At.ToUnixTimeMilliseconds(), entry.Id.ToString(), entry.Why);
        json.WriteNumber("status_id", happened.Succeeded ? 1 : 2);
        json.WriteString("status", happened.Succeeded ? "Success" : "Failure");
        Actor(json, entry);
        if (entry.ActorAddress is { } address) Object(json, "src_endpoint", ("ip", address));
        switch (happened.Class)
        {
            case OcsfClass.Authentication:
                User(json, exported);
                Object(json, "service", ("name", entry.NodeId is null ? Product : "AWS Systems Manager Session Manager"));
                if (entry.NodeId is { } node) Object(json, "dst_endpoint", ("instance_uid", node));
                break;
            case OcsfClass.UserAccessManagement:
                User(json, exported);
                json.WriteStartArray("privileges");
                json.WriteStringValue("ssm:StartSession");
                json.WriteEndArray();
                if (entry.NodeId is { } resource) Object(json, "resource", ("uid", resource), ("type", "Managed Node"));
                break;
            case OcsfClass.EntityManagement:
                Object(json, "entity", ("uid", entry.Subject), ("type", happened.EntityType!));
                break;
            case OcsfClass.BaseEvent:
                break;
        }
        json.WriteStartObject("unmapped");
        json.WriteString("action", entry.Action);
        json.WriteString("subject", entry.Subject);
        json.WriteString("node_id", entry.NodeId);
        Number(json, "policy_set_version", entry.PolicySetVersion);
        Raw(json, "before", entry.Before);
        Raw(json, "after", entry.After);
        Number(json, "block", exported.Block);
        Number(json, "position", exported.Position);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    protected override void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Begin(json, new OcsfEvent(OcsfClass.BaseEvent, 99, "Other"), now.ToUnixTimeMilliseconds(), "end", $"End of the export: {Count} entries.");
        json.WriteStartObject("unmapped");
        json.WriteBoolean("end", true);
        json.WriteNumber("entries", Count);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What the base event demands of every class.</summary>
    private static void Begin(Utf8JsonWriter json, OcsfEvent happened, long time, string id, string message)
    {
        int type = (int)happened.Class;
        json.WriteNumber("category_uid", type / 1000);
        json.WriteString("category_name", type == 0 ? "Uncategorized" : "Identity & Access Management");
        json.WriteNumber("class_uid", type);
        json.WriteString("class_name", NameOf(happened.Class));
        json.WriteNumber("activity_id", happened.Activity);
        json.WriteString("activity_name", happened.ActivityName);
        json.WriteNumber("type_uid", (type * 100) + happened.Activity);
        json.WriteString("type_name", $"{NameOf(happened.Class)}: {happened.ActivityName}");
        json.WriteNumber("severity_id", happened.Succeeded ? 1 : 2);
        json.WriteString("severity", happened.Succeeded ? "Informational" : "Low");
        json.WriteNumber("time", time);
        json.WriteString("message", message);
        json.WriteStartObject("metadata");
        json.WriteString("version", Version);
        json.WriteString("uid", id);
        json.WriteString("log_name", "audit");
        Object(json, "product", ("name", Product), ("vendor_name", Product));
        json.WriteEndObject();
    }

    private static void Actor(Utf8JsonWriter json, StoredEntry entry)
    {
        json.WriteStartObject("actor");
        if (entry.Actor is null) json.WriteString("app_name", Product);
        else if (entry.ActorIdentity is null) Object(json, "user", ("uid", entry.Actor), ("name", entry.ActorName));
        else Object(json, "user", ("uid", entry.Actor), ("name", entry.ActorName), ("uid_alt", entry.ActorIdentity));
        json.WriteEndObject();
    }

    // Whose access it is, which need not be who acted.
    private static void User(Utf8JsonWriter json, ExportedEntry exported)
    {
        StoredEntry entry = exported.Entry;
        string? person = exported.Person ?? entry.Actor;
        if (person is null) Object(json, "user", ("name", "unknown"));
        else if (person == entry.Actor) Object(json, "user", ("uid", person), ("name", entry.ActorName));
        else Object(json, "user", ("uid", person));
    }

    private static string NameOf(OcsfClass happened) => happened switch
    {
        OcsfClass.BaseEvent => "Base Event",
        OcsfClass.Authentication => "Authentication",
        OcsfClass.EntityManagement => "Entity Management",
        OcsfClass.UserAccessManagement => "User Access Management",
    };

    private static void Object(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, string Value)> values)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in values) json.WriteString(key, value);
        json.WriteEndObject();
    }
}
