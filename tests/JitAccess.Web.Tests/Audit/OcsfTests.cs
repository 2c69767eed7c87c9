using System.Buffers;
using System.Text.Json;
using JitAccess.Domain.Audit;
using JitAccess.Web.Audit.Export;

namespace JitAccess.Web.Tests.Audit;

public sealed class OcsfTests
{
    // What OCSF 1.3.0 requires of every event, and of each class beyond; “a|b” demands one of them.
    private static readonly string[] OfEvery = ["activity_id", "category_uid", "class_uid", "metadata.product.name", "metadata.version", "severity_id", "time", "type_uid"];

    private static readonly Dictionary<int, string[]> OfClass = new()
    {
        [0] = [],
        [3002] = ["user.uid|user.name", "service.name|dst_endpoint.instance_uid"],
        [3004] = ["entity.uid|entity.name"],
        [3005] = ["user.uid|user.name", "privileges"],
    };

    private static readonly Dictionary<int, int[]> Activities = new() { [0] = [99], [3002] = [1, 2], [3004] = [1, 2, 3, 4], [3005] = [1, 2] };

    public static TheoryData<string> Actions => [.. Enum.GetNames<AuditAction>(), "OfALaterVersion", "3"];

    [Theory]
    [MemberData(nameof(Actions))]
    public void Event_OfEveryAction_HasWhatItsClassRequires(string action)
    {
        foreach (StoredEntry entry in new[] { Entry(action), Entry(action) with { Actor = null, ActorIdentity = null, ActorAddress = null, NodeId = null, Before = null, After = null, PolicySetVersion = null } })
        {
            JsonElement happened = Write(new ExportedEntry(entry, null, null, null));
            int type = happened.GetProperty("class_uid").GetInt32();
            foreach (string demanded in OfEvery.Concat(OfClass[type])) Assert.True(demanded.Split('|').Any(path => IsThere(happened, path)), $"{action}: {demanded} is missing");
            int activity = happened.GetProperty("activity_id").GetInt32();
            Assert.Contains(activity, Activities[type]);
            Assert.Equal((type / 1000, (type * 100) + activity), (happened.GetProperty("category_uid").GetInt32(), happened.GetProperty("type_uid").GetInt32()));
            Assert.True(IsThere(happened, "actor.user.uid") || IsThere(happened, "actor.app_name"));
            Assert.Equal(Enum.TryParse<AuditAction>(action, out _) && char.IsLetter(action[0]), type != 0);
        }
    }

    [Fact]
    public void Revoke_IsOfTheHolderByWhoRevoked()
    {
        JsonElement happened = Write(new ExportedEntry(Entry(nameof(AuditAction.GrantRevoked)), 7, 2, "requester"));
        Assert.Equal(
            ("User Access Management: Revoke Privileges", "requester", "alice", "192.0.2.7", "i-0a1b2c3d4e5f60718", 7, 1780304400000L, "Success", "Because."),
            (Text("type_name"), Text("user.uid"), Text("actor.user.uid"), Text("src_endpoint.ip"), Text("resource.uid"), happened.GetProperty("unmapped").GetProperty("block").GetInt32(),
             happened.GetProperty("time").GetInt64(), Text("status"), Text("message")));
        string Text(string path) => path.Split('.').Aggregate(happened, (element, name) => element.GetProperty(name)).GetString()!;
    }

    [Theory]
    [InlineData(nameof(AuditAction.RequestRefused))]
    [InlineData(nameof(AuditAction.SessionFailed))]
    [InlineData(nameof(AuditAction.IdentityRefused))]
    public void Attempt_ThatFailed_IsAFailure(string action) => Assert.Equal(2, Write(new ExportedEntry(Entry(action), null, null, null)).GetProperty("status_id").GetInt32());

    private static StoredEntry Entry(string action) => new(
        Guid.CreateVersion7(), new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero), "alice", "Alice", "arn:aws:iam::111111111111:role/jit-admin", "192.0.2.7", action, "subject", "i-0a1b2c3d4e5f60718", "{}", "[1]", 3, "Because.");

    private static JsonElement Write(ExportedEntry entry)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer)) OcsfWriter.Write(json, entry);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static bool IsThere(JsonElement element, string path)
    {
        foreach (string name in path.Split('.'))
        {
            if (!element.TryGetProperty(name, out element)) return false;
        }
        return element.ValueKind is not JsonValueKind.Null && element.GetRawText() is not ("\"\"" or "[]");
    }
}
