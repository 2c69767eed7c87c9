using System.Collections.Immutable;
using System.Globalization;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>How a question is put to Cedar: entities, action and context in AWS's schema for just-in-time node access, with what JitAccess adds.</summary>
public static class NodeAccessCedar
{
    private static readonly EntityUid Action = new("AWS::SSM::Action", "getTokenForInstanceAccess");

    private static readonly EntityUid Clock = new("JitAccess::Clock", "now");

    /// <summary>The schema that saved policies are validated against.</summary>
    public static Schema Schema { get; } = ReadSchema();

    /// <summary>The question as a Cedar authorization request.</summary>
    public static AuthorizationRequest RequestFor(AccessQuestion question) =>
        new(PrincipalOf(question.Actor), Action, ResourceOf(question.Node), new CedarRecord(new Dictionary<string, CedarValue>
        {
            ["iam"] = new CedarRecord(new Dictionary<string, CedarValue> { ["principalTags"] = new CedarEntityReference(PrincipalTagsOf(question.Actor)) }),
            ["request"] = new CedarRecord(new Dictionary<string, CedarValue>
            {
                ["time"] = new CedarExtension("datetime", question.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
                ["reason"] = new CedarString(question.Reason),
                // Nothing asked for yet: the hour that AWS's automatic access lasts.
                ["durationHours"] = new CedarLong((long)Math.Ceiling((question.Duration ?? TimeSpan.FromHours(1)).TotalHours)),
                ["breakGlass"] = new CedarBool(false),
                ["clock"] = new CedarEntityReference(Clock),
            }),
        }));

    /// <summary>The person with their groups, the node, the tags of the IAM session, and the local time in the zones that policies ask for.</summary>
    public static Entities EntitiesFor(AccessQuestion question, IEnumerable<ClockZone> zones)
    {
        Actor actor = question.Actor;
        Node node = question.Node;
        EntityUid[] groups = [.. actor.Person.Groups.Select(group => new EntityUid("AWS::IdentityStore::Group", group))];
        return new Entities([
            new Entity(PrincipalOf(actor), Attributes(actor.Person.Attributes), NoValues, groups),
            .. groups.Select(group => new Entity(group, NoValues, NoValues, [])),
            new Entity(ResourceOf(node), new Dictionary<string, CedarValue>
            {
                ["account"] = new CedarString(node.Account.Value),
                ["region"] = new CedarString(node.Region),
                ["platform"] = new CedarString(node.Platform),
            }, Texts(node.Tags), []),
            new Entity(PrincipalTagsOf(actor), NoValues, Texts(actor.PrincipalTags), []),
            new Entity(Clock, NoValues, zones.ToDictionary(zone => zone.Name, CedarValue (zone) => ToCedar(zone.At(question.At)), StringComparer.Ordinal), []),
        ]);
    }

    /// <summary>Whether entities of the type are nodes.</summary>
    internal static bool IsNode(string type) => type is "AWS::EC2::Instance" or "AWS::SSM::ManagedInstance";

    /// <summary>Whether entities of the type tell the time.</summary>
    internal static bool IsClock(string type) => type == Clock.Type;

    private static ImmutableDictionary<string, CedarValue> NoValues => ImmutableDictionary<string, CedarValue>.Empty;

    private static EntityUid PrincipalOf(Actor actor) => new("AWS::IdentityStore::User", actor.Subject);

    private static EntityUid PrincipalTagsOf(Actor actor) => new("AWS::IAM::PrincipalTags", actor.Subject);

    private static EntityUid ResourceOf(Node node) => new(node.Id.IsHybrid ? "AWS::SSM::ManagedInstance" : "AWS::EC2::Instance", node.Id.Value);

    private static CedarRecord ToCedar(LocalTime time) => new CedarRecord(new Dictionary<string, CedarValue> { ["weekday"] = time.Weekday, ["minute"] = (long)time.Minute });

    private static Dictionary<string, CedarValue> Texts(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(text => text.Key, CedarValue (text) => new CedarString(text.Value), StringComparer.Ordinal);

    private static Dictionary<string, CedarValue> Attributes(PersonAttributes attributes)
    {
        Dictionary<string, CedarValue> present = new(StringComparer.Ordinal);
        void Add(string name, string? value)
        {
            if (value is not null) present[name] = new CedarString(value);
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
