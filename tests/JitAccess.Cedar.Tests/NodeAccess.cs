namespace JitAccess.Cedar.Tests;

/// <summary>The words of the tests: AWS's schema for just-in-time node access, a person, a node and the question whether one may use the other.</summary>
internal static class NodeAccess
{
    public const string EngineeringGroup = "e8c17310-e011-7089-d989-10da1EXAMPLE";

    private static readonly EntityUid Tags = new("AWS::IAM::PrincipalTags", "person");

    public static CedarEngine Engine { get; } = new();

    public static Schema Schema { get; } = new(Sample("node-access.cedarschema"));

    public static EntityUid Person { get; } = new("AWS::IdentityStore::User", "person");

    public static EntityUid Node { get; } = new("AWS::EC2::Instance", "i-0a1b2c3d4e5f60718");

    public static AuthorizationRequest Request { get; } = new(
        Person,
        new EntityUid("AWS::SSM::Action", "getTokenForInstanceAccess"),
        Node,
        Record(("iam", Record(("principalTags", Tags)))));

    public static string Sample(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", file));

    /// <summary>A policy for everybody and everything under the given condition.</summary>
    public static string Permit(string condition) => $"permit (principal, action, resource) when {{ {condition} }};";

    public static string Forbid(string condition) => $"forbid (principal, action, resource) when {{ {condition} }};";

    public static PolicySet Policies(params (string Id, string Text)[] policies) =>
        new(policies.Select(policy => KeyValuePair.Create(policy.Id, policy.Text)));

    public static CedarRecord Record(params (string Name, CedarValue Value)[] attributes) =>
        new(attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)));

    /// <summary>The person with the given attributes, in the given groups, and the node with the given tags.</summary>
    public static Entities World(
        (string Name, CedarValue Value)[]? person = null,
        (string Key, CedarValue Value)[]? tags = null,
        params string[] groups)
    {
        var memberships = groups.Select(group => new EntityUid("AWS::IdentityStore::Group", group)).ToArray();
        return new Entities(
        [
            new Entity(Person) { Attributes = Record(person ?? []).Attributes, Parents = memberships },
            new Entity(Node) { Tags = Record(tags ?? []).Attributes },
            new Entity(Tags),
            .. memberships.Select(group => new Entity(group)),
        ]);
    }

    public static AuthorizationResult Decide(PolicySet policies, Entities entities) =>
        Engine.Authorize(policies, entities, Request, Schema);

    /// <summary>Decides without a schema, so that conditions of any kind can be tried.</summary>
    public static AuthorizationResult Evaluate(string condition, params (string Name, CedarValue Value)[] context) =>
        Engine.Authorize(Policies(("tried", Permit(condition))), World(), Request with { Context = Record(context) });
}
