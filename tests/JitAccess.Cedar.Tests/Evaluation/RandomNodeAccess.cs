using System.Globalization;

namespace JitAccess.Cedar.Tests.Evaluation;

/// <summary>
/// People, nodes, circumstances and policies in the shape of AWS's schema for just-in-time node access, with what JitAccess adds;
/// now and then of the wrong type, missing or unguarded, because stored policies and entities may be too.
/// </summary>
internal sealed class RandomNodeAccess(Random random)
{
    private static readonly string[] Attributes = ["employeeNumber", "costCenter", "organization", "division"];
    private static readonly string[] TagKeys = ["env", "CostCenter", "owner", "tier", "two words"];
    private static readonly string[] Texts = ["prod", "dev", "42", "E-17", "E-1*", "Finance", "", "東京"];
    private static readonly string[] Patterns = ["E-1*", "*", "p*d", "prod", "*-*", "E-1\\\\**", "", "*東*", "E-1\\*"];
    private static readonly string[] Groups = ["ops", "dev", "admins", "all", "none"];
    private static readonly string[] Times = ["2026-11-24T08:30:00Z", "2026-11-28", "2026-12-31T23:59:59.999Z", "2026-11-24T08:30:00.000+0130", "today"];
    private static readonly string[] TimeTexts = ["2026-11-24T08:30:00.000Z", "2026-11-28T00:00:00.000Z", "2026-11-29T23:15:00.000Z", "1969-12-31T23:59:59.999Z"];

    private int _count;

    /// <summary>A person with the entities that come with them, and the entity of their session's tags.</summary>
    public sealed record Person(EntityUid Uid, EntityUid Tags, IReadOnlyList<Entity> Entities);

    /// <summary>A node.</summary>
    public sealed record Node(EntityUid Uid, IReadOnlyList<Entity> Entities);

    public static AuthorizationRequest Request(Person person, Node node, CedarRecord? circumstances) => new(
        person.Uid,
        NodeAccess.Request.Action,
        node.Uid,
        NodeAccess.Record([("iam", NodeAccess.Record(("principalTags", person.Tags))), .. circumstances is null ? Array.Empty<(string, CedarValue)>() : [("request", circumstances)]]));

    public Person RandomPerson()
    {
        var uid = new EntityUid("AWS::IdentityStore::User", $"user-{_count++}");
        var tags = new EntityUid("AWS::IAM::PrincipalTags", uid.Id);
        var groups = Groups.Where(_ => random.Next(3) == 0).Select(Group).ToArray();
        Entity[] entities =
        [
            new Entity(uid) { Attributes = Values(Attributes), Parents = groups },
            // Groups are in groups: dev and admins in all, admins in ops.
            .. Groups.Select(name => new Entity(Group(name)) { Parents = name switch { "dev" => [Group("all")], "admins" => [Group("all"), Group("ops")], _ => [] } }),
            new Entity(tags) { Tags = Values(TagKeys) },
        ];
        return new Person(uid, tags, random.Next(30) == 0 ? entities[1..^1] : entities);
    }

    public Node RandomNode()
    {
        var uid = new EntityUid(random.Next(3) == 0 ? "AWS::SSM::ManagedInstance" : "AWS::EC2::Instance", $"i-{_count++}");
        var attributes = NodeAccess.Record([("account", Pick("111111111111", "222222222222")), ("region", Pick("eu-central-1", "us-east-1")), ("platform", Pick("Linux", "Windows"))]).Attributes;
        return new Node(uid, random.Next(30) == 0 ? [] : [new Entity(uid) { Attributes = attributes, Tags = Values(TagKeys) }]);
    }

    /// <summary>What the context says of the request itself; null when it says nothing.</summary>
    public CedarRecord? RandomCircumstances() => random.Next(20) == 0
        ? null
        : NodeAccess.Record(
        [
            ("time", CedarExtension("datetime", Pick(TimeTexts))),
            ("reason", Pick(Texts)),
            ("durationHours", random.Next(10) == 0 ? long.MaxValue : random.Next(1, 12)),
            .. random.Next(10) == 0 ? Array.Empty<(string, CedarValue)>() : [("breakGlass", random.Next(2) == 0)],
        ]);

    public string Policy()
    {
        var effect = random.Next(3) == 0 ? "forbid" : "permit";
        var principal = random.Next(6) switch
        {
            0 => $"principal == AWS::IdentityStore::User::\"user-{random.Next(40)}\"",
            1 => "principal is AWS::IdentityStore::User",
            2 => $"principal is AWS::IdentityStore::User in {Group(Pick(Groups))}",
            3 => $"principal in {Group(Pick(Groups))}",
            _ => "principal",
        };
        var action = random.Next(3) switch
        {
            0 => "action == AWS::SSM::Action::\"getTokenForInstanceAccess\"",
            1 => Pick("action in [AWS::SSM::Action::\"getTokenForInstanceAccess\", AWS::SSM::Action::\"other\"]", "action in AWS::SSM::Action::\"other\"", "action in []"),
            _ => "action",
        };
        var resource = Pick("resource", "resource", "resource", "resource is AWS::EC2::Instance", "resource is AWS::SSM::ManagedInstance", "resource == AWS::EC2::Instance::\"i-7\"");
        var conditions = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => $" {Pick("when", "when", "when", "unless")} {{ {Conjunction()} }}"));
        return $"{effect} ({principal}, {action}, {resource}){conditions};";
    }

    // Chains as people write them: guards, then comparisons.
    private string Conjunction() => string.Join(" && ", Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) == 0 ? Atom(2) : Usual()));

    private string Usual()
    {
        var key = Quote(Pick(TagKeys));
        var attribute = Pick(Attributes);
        var holder = random.Next(3) == 0 ? "context.iam.principalTags" : "resource";
        var text = Quote(Pick(Texts));
        return random.Next(12) switch
        {
            0 or 1 => $"{holder}.hasTag({key}) && {holder}.getTag({key}) == {text}",
            2 => $"{holder}.hasTag({key}) && [{text}, {Quote(Pick(Texts))}].contains({holder}.getTag({key}))",
            3 => $"{holder}.hasTag({key}) && ({holder}.getTag({key}) == {text} || {Quote(Pick(Texts))} == {holder}.getTag({key}))",
            4 => $"principal has {attribute} && principal.{attribute} == {text}",
            5 => $"principal has {attribute} && principal.{attribute} like {Pattern()}",
            6 => $"principal has {attribute} && {holder}.hasTag({key}) && principal.{attribute} == {holder}.getTag({key})",
            7 => $"resource.{Pick("account", "region", "platform")} == {Quote(Pick("111111111111", "eu-central-1", "Linux"))}",
            8 => $"context.request.durationHours <= {random.Next(1, 9)}",
            9 => $"context.request.time {Pick("<", ">=")} datetime({Quote(Pick(Times[..4]))})",
            10 => $"(({holder}.hasTag({key}) && {holder}.getTag({key}) == {text}) || ({holder}.hasTag({key}) && {holder}.getTag({key}) == {Quote(Pick(Texts))}))",
            _ => $"{holder}.hasTag({key})",
        };
    }

    /// <summary>A condition, or something in its place that is none.</summary>
    private string Atom(int depth)
    {
        if (depth > 0 && random.Next(3) == 0)
        {
            return random.Next(7) switch
            {
                0 => $"({Atom(depth - 1)} && {Atom(depth - 1)})",
                1 or 2 => $"({Atom(depth - 1)} || {Atom(depth - 1)})",
                3 => $"!({Atom(depth - 1)})",
                4 => $"(if {Atom(depth - 1)} then {Atom(depth - 1)} else {Atom(depth - 1)})",
                5 => $"(({Atom(depth - 1)}) == ({Atom(depth - 1)}))",
                _ => $"({Usual()})",
            };
        }
        return random.Next(20) switch
        {
            0 => $"{Text()} == {Text()}",
            1 => $"{Text()} != {Text()}",
            2 or 3 => $"{Text()} like {Pattern()}",
            4 => $"{Entity()}.hasTag({Text()})",
            5 => $"{Entity()} has {Pick(Attributes)}",
            6 => $"context {Pick("has request", "has request.time", "has \"two words\"", "has iam.principalTags.x")}",
            7 => $"{Entity()} in {Ancestors()}",
            8 => $"{Entity()} is {Pick("AWS::IdentityStore::User", "AWS::EC2::Instance", "AWS::IAM::PrincipalTags")}{(random.Next(3) == 0 ? $" in {Ancestors()}" : "")}",
            9 => $"[{Text()}, {Text()}].{Pick("contains", "containsAll", "containsAny")}({(random.Next(2) == 0 ? Text() : $"[{Text()}]")})",
            10 => $"{Number()} {Pick("<", "<=", ">", ">=", "==", "!=")} {Number()}",
            11 => $"{Time()} {Pick("<", "<=", ">", ">=", "==")} {Time()}",
            12 => $"{Time()}.toTime() {Pick("<", ">")} {Duration()}",
            13 => $"{Time()}.durationSince({Time()}).{Pick("toHours", "toDays", "toMilliseconds")}() > {random.Next(-3, 3)}",
            14 => "context.request.breakGlass",
            15 => $"{{a: {Text()}, b: {Number()}}}.{Pick("a", "b", "c")} == {Text()}",
            16 => $"ip({Quote(Pick("10.1.2.3", "10.0.0.0/8", "::1", "10.0.0.300"))}).isInRange(ip(\"10.0.0.0/8\"))",
            17 => $"decimal({Quote(Pick("1.5", "-0.01", "1.23456"))}).lessThan(decimal(\"1.0\"))",
            18 => $"{Entity()} == {Entity()}",
            _ => Pick("true", "false", "1", "[].isEmpty()", Text(), "principal == resource"),
        };
    }

    private string Text()
    {
        var key = Quote(Pick(TagKeys));
        return random.Next(7) switch
        {
            0 => $"principal.{Pick(Attributes)}",
            1 => $"resource.getTag({key})",
            2 => $"context.iam.principalTags.getTag({key})",
            3 => "context.request.reason",
            4 => $"resource.{Pick("account", "region", "platform", "none")}",
            _ => random.Next(12) == 0 ? $"resource.getTag({Text()})" : Quote(Pick(Texts)),
        };
    }

    private string Number() => random.Next(6) switch
    {
        0 or 1 => "context.request.durationHours",
        2 => $"(context.request.durationHours {Pick("+", "-", "*")} {random.Next(-2, 3)})",
        3 => "-context.request.durationHours",
        4 => Pick("9223372036854775807", "\"7\"", "principal.costCenter"),
        _ => random.Next(-2, 9).ToString(CultureInfo.InvariantCulture),
    };

    private string Time() => random.Next(3) switch
    {
        0 => "context.request.time",
        1 => $"context.request.time{Pick(".toDate()", $".offset({Duration()})", "")}",
        _ => $"datetime({Quote(Pick(Times))})",
    };

    private string Duration() => $"duration({Quote(Pick("8h", "-1d2h", "23h59m59s999ms", "9223372036854775807ms", "soon"))})";

    private string Entity() => random.Next(6) switch
    {
        0 => "resource",
        1 => "context.iam.principalTags",
        2 => $"AWS::IdentityStore::User::\"user-{random.Next(40)}\"",
        3 => Group(Pick(Groups)).ToString(),
        _ => "principal",
    };

    private string Ancestors() => random.Next(4) switch
    {
        0 => $"[{Group(Pick(Groups))}, {Group(Pick(Groups))}]",
        1 => Entity(),
        2 => $"[{Entity()}, {(random.Next(8) == 0 ? Text() : Entity())}]",
        _ => Group(Pick(Groups)).ToString(),
    };

    private Dictionary<string, CedarValue> Values(string[] names) => names
        .Where(_ => random.Next(2) == 0)
        .ToDictionary(name => name, CedarValue (_) => random.Next(40) == 0 ? random.Next(3) : Pick(Texts));

    private string Pattern() => $"\"{Pick(Patterns)}\"";

    private static string Quote(string text) => $"\"{text}\"";

    private static CedarExtension CedarExtension(string function, string argument) => new(function, argument);

    private static EntityUid Group(string name) => new("AWS::IdentityStore::Group", name);

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
}
