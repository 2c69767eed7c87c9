using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>How a question is put to Cedar: entities, action and context in AWS's schema for just-in-time node access, with what JitAccess adds.</summary>
public static class NodeAccessCedar
{
    private static readonly EntityUid Action = new("AWS::SSM::Action", "getTokenForInstanceAccess");

    // The tags and the clock of the one request that is decided: their ids say nothing, so that what is prepared for a person or an instant serves every request.
    private static readonly EntityUid PrincipalTags = new("AWS::IAM::PrincipalTags", "session");

    private static readonly EntityUid Clock = new("JitAccess::Clock", "now");

    /// <summary>The schema that saved policies are validated against.</summary>
    public static Schema Schema { get; } = ReadSchema();

    /// <summary>The question as a Cedar authorization request.</summary>
    public static AuthorizationRequest RequestFor(AccessQuestion question) =>
        new(PrincipalOf(question.Actor), Action, ResourceOf(question.Node), ContextOf(question.JudgedAt, question.Reason, question.Duration ?? TimeSpan.FromHours(1), question.BreakGlass));

    /// <summary>The person with their groups, the node, the tags of the IAM session, and the local time in the zones that policies ask for.</summary>
    public static Entities EntitiesFor(AccessQuestion question, IEnumerable<ClockZone> zones) =>
        new([.. EntitiesOf(question.Actor), EntityOf(question.Node), ClockAt(question.At, zones)]);

    /// <summary>Whether entities of the type are nodes.</summary>
    internal static bool IsNode(string type) => type is "AWS::EC2::Instance" or "AWS::SSM::ManagedInstance";

    /// <summary>Whether entities of the type tell the time.</summary>
    internal static bool IsClock(string type) => type == Clock.Type;

    internal static AuthorizationRequest RequestFor(EntityUid principal, EntityUid resource, Context context) => new(principal, Action, resource, context);

    internal static EntityUid PrincipalOf(Actor actor) => new("AWS::IdentityStore::User", actor.Subject);

    internal static EntityUid ResourceOf(Node node) => new(node.Id.IsHybrid ? "AWS::SSM::ManagedInstance" : "AWS::EC2::Instance", node.Id.Value);

    internal static IEnumerable<Entity> EntitiesOf(Actor actor)
    {
        EntityUid[] groups = [.. actor.Person.Groups.Select(group => new EntityUid("AWS::IdentityStore::Group", group))];
        return
        [
            new Entity(PrincipalOf(actor), Attributes(actor.Person.Attributes), NoValues, groups),
            .. groups.Select(group => new Entity(group)),
            new Entity(PrincipalTags) { Tags = Texts(actor.PrincipalTags) },
        ];
    }

    internal static Entity EntityOf(Node node) => new(ResourceOf(node), new Dictionary<string, CedarValue>
    {
        ["account"] = node.Account.Value,
        ["region"] = node.Region,
        ["platform"] = node.Platform,
    }, Texts(node.Tags), []);

    internal static Entity ClockAt(DateTimeOffset instant, IEnumerable<ClockZone> zones) => new(Clock)
    {
        Tags = zones.ToDictionary(zone => zone.Name, CedarValue (zone) => ToCedar(zone.At(instant)), StringComparer.Ordinal),
    };

    internal static Context ContextOf(DateTimeOffset at, string reason, TimeSpan duration, bool breakGlass) => new CedarRecord(new Dictionary<string, CedarValue>
    {
        ["iam"] = new CedarRecord(new Dictionary<string, CedarValue> { ["principalTags"] = PrincipalTags }),
        ["request"] = new CedarRecord(new Dictionary<string, CedarValue>
        {
            ["time"] = CedarExtension.DateTime(at),
            ["reason"] = reason,
            ["durationHours"] = (long)Math.Ceiling(duration.TotalHours),
            ["breakGlass"] = breakGlass,
            ["clock"] = Clock,
        }),
    });

    private static ImmutableDictionary<string, CedarValue> NoValues => ImmutableDictionary<string, CedarValue>.Empty;

    private static CedarRecord ToCedar(LocalTime time) => new(new Dictionary<string, CedarValue> { ["weekday"] = time.Weekday, ["minute"] = (long)time.Minute });

    private static Dictionary<string, CedarValue> Texts(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(text => text.Key, CedarValue (text) => new CedarString(text.Value), StringComparer.Ordinal);

    private static Dictionary<string, CedarValue> Attributes(PersonAttributes attributes)
    {
        Dictionary<string, CedarValue> present = new(StringComparer.Ordinal);
        void Add(string name, string? value)
        {
            if (value is not null) present[name] = value;
        }

        Add("employeeNumber", attributes.EmployeeNumber);
        Add("costCenter", attributes.CostCenter);
        Add("organization", attributes.Organization);
        Add("division", attributes.Division);
        return present;
    }

    private static Schema ReadSchema()
    {
        using Stream stream = typeof(NodeAccessCedar).Assembly.GetManifestResourceStream("node-access.cedarschema")!;
        using StreamReader reader = new(stream);
        return new Schema(reader.ReadToEnd());
    }
}
