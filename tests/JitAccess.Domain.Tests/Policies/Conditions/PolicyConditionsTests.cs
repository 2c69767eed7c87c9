using JitAccess.Cedar;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Domain.Tests.Policies.Conditions;

public sealed class PolicyConditionsTests(SharedEngine engine)
{
    private const string Berlin = "context.request.clock.getTag(\"Europe/Berlin\")";

    private static readonly PersonCondition Engineering = new PersonCondition.MemberOf(["engineering"]);

    private static readonly PersonCondition NotFinance = new PersonCondition.Attribute(PersonAttribute.Division, TextTest.NotOneOf, ["Finance"]);

    private static readonly NodeCondition Production = new NodeCondition.Tag("env", TextTest.OneOf, ["prod"]);

    private static readonly TimeCondition OfficeHours = new("Europe/Berlin",
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday], new TimeOnly(8, 0), new TimeOnly(18, 0));

    public static TheoryData<PolicyConditions, Effect, string> Written => new()
    {
        { PolicyConditions.None, Effect.Permit, "" },
        { Of(nodes: [Production]), Effect.Permit, """
            resource.hasTag("env") &&
            resource.getTag("env") == "prod"
            """ },
        { Of(who: [NotFinance]), Effect.Permit, """
            principal has division &&
            principal.division != "Finance"
            """ },
        { Of(who: [NotFinance]), Effect.Forbid, """
            !(principal has division && principal.division == "Finance")
            """ },
        { Of(who: [new PersonCondition.Attribute(PersonAttribute.Division, TextTest.Present, []), NotFinance]), Effect.Forbid, """
            principal has division &&
            principal.division != "Finance"
            """ },
        { Of(nodes: [new NodeCondition.Tag("env", TextTest.NotLike, ["p*", "s*"])]), Effect.Permit, """
            resource.hasTag("env") &&
            !(resource.getTag("env") like "p*" || resource.getTag("env") like "s*")
            """ },
        { Of(nodes: [new NodeCondition.Property(NodeProperty.Region, TextTest.OneOf, ["eu-west-1", "eu-north-1"]), new NodeCondition.Tag("env", TextTest.Absent, [])]), Effect.Permit, """
            ["eu-west-1", "eu-north-1"].contains(resource.region) &&
            !resource.hasTag("env")
            """ },
        { Of(when: [OfficeHours]), Effect.Permit, $"""
            context.request.clock.hasTag("Europe/Berlin") &&
            ["Mon", "Tue", "Wed", "Thu", "Fri"].contains({Berlin}.weekday) &&
            {Berlin}.minute >= 480 &&
            {Berlin}.minute < 1080
            """ },
        { Of(when: [OfficeHours with { Days = [DayOfWeek.Sunday], From = new TimeOnly(22, 0), To = new TimeOnly(6, 0) }]), Effect.Permit, $"""
            context.request.clock.hasTag("Europe/Berlin") &&
            ({Berlin}.weekday == "Sun" && {Berlin}.minute >= 1320 || {Berlin}.weekday == "Mon" && {Berlin}.minute < 360)
            """ },
        { Of(when: [OfficeHours with { IsOutside = true, Days = TimeCondition.EveryDay }]), Effect.Forbid, $"""
            !(context.request.clock.hasTag("Europe/Berlin") && {Berlin}.minute >= 480 && {Berlin}.minute < 1080)
            """ },
    };

    [Theory]
    [MemberData(nameof(Written), DisableDiscoveryEnumeration = true)]
    public void ToCedar_Rows_ReadsWell(PolicyConditions conditions, Effect effect, string body) => Assert.Equal(
        $"{(effect == Effect.Permit ? "permit" : "forbid")} (\n    principal,\n    action == AWS::SSM::Action::\"getTokenForInstanceAccess\",\n    resource\n)"
        + (body.Length == 0 ? ";" : $"\nwhen {{\n    {body.Replace("\n", "\n    ", StringComparison.Ordinal)}\n}};"),
        conditions.ToCedar(effect));

    [Fact]
    public void ToCedar_OneGroup_StandsInTheHead()
    {
        PolicyConditions conditions = Of(who: [new PersonCondition.MemberOf(["a", "b"]), Engineering, new PersonCondition.MemberOf(["temps"], IsNot: true)]);

        Assert.Equal("""
            forbid (
                principal in AWS::IdentityStore::Group::"engineering",
                action == AWS::SSM::Action::"getTokenForInstanceAccess",
                resource
            )
            when {
                principal in [AWS::IdentityStore::Group::"a", AWS::IdentityStore::Group::"b"] &&
                !(principal in AWS::IdentityStore::Group::"temps")
            };
            """, conditions.ToCedar(Effect.Forbid));
    }

    public static TheoryData<string, PolicyConditions> ByHand => new()
    {
        { "true", PolicyConditions.None },
        { "principal in AWS::IdentityStore::Group::\"engineering\"", Of(who: [Engineering]) },
        { "principal is AWS::IdentityStore::User in AWS::IdentityStore::Group::\"engineering\"", Of(who: [Engineering]) },
        { "principal in AWS::IdentityStore::Group::\"a\" || principal in AWS::IdentityStore::Group::\"b\"", Of(who: [new PersonCondition.MemberOf(["a", "b"])]) },
        { "resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"", Of(nodes: [Production]) },
        { "resource.hasTag(\"env\") && \"prod\" == resource.getTag(\"env\") && resource.hasTag(\"env\")", Of(nodes: [Production]) },
        { "resource.hasTag(\"env\") && (resource.getTag(\"env\") == \"prod\" || resource.getTag(\"env\") == \"stage\")", Of(nodes: [new NodeCondition.Tag("env", TextTest.OneOf, ["prod", "stage"])]) },
        { "(resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\") || (resource.hasTag(\"env\") && resource.getTag(\"env\") like \"st*\")", Of(nodes: [new NodeCondition.Tag("env", TextTest.Like, ["prod", "st*"])]) },
        { "!(resource.region == \"a\" || resource.account == \"1\")", Of(nodes: [new NodeCondition.Property(NodeProperty.Region, TextTest.NotOneOf, ["a"]), new NodeCondition.Property(NodeProperty.Account, TextTest.NotOneOf, ["1"])]) },
        { "principal has organization && resource.hasTag(\"Engineering\") && resource.hasTag(\"Production\") && principal.organization == \"Platform\"", Of(
            who: [new PersonCondition.Attribute(PersonAttribute.Organization, TextTest.OneOf, ["Platform"])],
            nodes: [new NodeCondition.Tag("Engineering", TextTest.Present, []), new NodeCondition.Tag("Production", TextTest.Present, [])]) },
        { $"context.request.clock.hasTag(\"Europe/Berlin\") && {Berlin}.weekday != \"Sat\" && {Berlin}.weekday != \"Sun\" && {Berlin}.minute > 479 && 1079 >= {Berlin}.minute", Of(when: [OfficeHours]) },
        { $"context.request.clock.hasTag(\"Europe/Berlin\") && ({Berlin}.minute < 360 || {Berlin}.minute >= 1320)", Of(when: [OfficeHours with { Days = TimeCondition.EveryDay, From = new TimeOnly(22, 0), To = new TimeOnly(6, 0) }]) },
        { $"context.request.clock.hasTag(\"Europe/Berlin\") && {Berlin}.minute >= 1080 && {Berlin}.minute < 480", Of(when: [
            OfficeHours with { Days = TimeCondition.EveryDay, From = new TimeOnly(18, 0), To = TimeOnly.MinValue },
            OfficeHours with { Days = TimeCondition.EveryDay, From = TimeOnly.MinValue, To = new TimeOnly(8, 0) }]) },
    };

    [Theory]
    [MemberData(nameof(ByHand), DisableDiscoveryEnumeration = true)]
    public void TryRead_WrittenByHand_IsRows(string condition, PolicyConditions rows)
    {
        Assert.Equal(rows, PolicyConditions.TryRead(Given.Permit(condition), Effect.Permit, engine.Cedar));
        Assert.Equal(rows, PolicyConditions.TryRead(Given.Forbid(condition), Effect.Forbid, engine.Cedar));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("resource is AWS::EC2::Instance")]
    [InlineData("resource.getTag(\"env\") == \"prod\"")]
    [InlineData("resource.getTag(\"env\") == \"prod\" && resource.hasTag(\"env\")")]
    [InlineData("resource.hasTag(\"env\") || resource.hasTag(\"stage\")")]
    [InlineData("resource.hasTag(\"env\") || resource.getTag(\"env\") == \"prod\"")]
    [InlineData("principal has costCenter && resource.hasTag(\"CostCenter\") && principal.costCenter == resource.getTag(\"CostCenter\")")]
    [InlineData("principal == AWS::IdentityStore::User::\"ann\"")]
    [InlineData("principal in AWS::IdentityStore::User::\"ann\"")]
    [InlineData("principal has name")]
    [InlineData("context.request.durationHours > 4")]
    [InlineData("context.iam.principalTags.hasTag(\"team\")")]
    [InlineData("if resource.hasTag(\"env\") then true else true")]
    [InlineData("context.request.clock.hasTag(\"Europe/Berlin\")")]
    [InlineData("context.request.clock.hasTag(\"Mars/Phobos\") && context.request.clock.getTag(\"Mars/Phobos\").minute < 480")]
    [InlineData("context.request.clock.hasTag(\"UTC\") && context.request.clock.getTag(\"UTC\").minute >= 0")]
    [InlineData("context.request.clock.hasTag(\"UTC\") && context.request.clock.getTag(\"UTC\").minute < 1440")]
    [InlineData("context.request.clock.hasTag(\"UTC\") && context.request.clock.getTag(\"UTC\").weekday == \"Monday\"")]
    [InlineData("context.request.clock.hasTag(\"UTC\") && context.request.clock.getTag(\"Europe/Berlin\").minute < 480")]
    [InlineData("context.request.clock.hasTag(\"UTC\") && (context.request.clock.getTag(\"UTC\").weekday == \"Fri\" && context.request.clock.getTag(\"UTC\").minute >= 1320 || context.request.clock.getTag(\"UTC\").weekday == \"Sun\" && context.request.clock.getTag(\"UTC\").minute < 360)")]
    public void TryRead_WhatNoRowSays_IsNull(string condition)
    {
        Assert.Null(PolicyConditions.TryRead(Given.Permit(condition), Effect.Permit, engine.Cedar));
        Assert.Null(PolicyConditions.TryRead(Given.Forbid(condition), Effect.Forbid, engine.Cedar));
    }

    [Fact]
    public void TryRead_NegationOfAnOptional_DependsOnTheKind()
    {
        const string atBest = "!(principal has division && principal.division == \"Finance\")";
        const string letsThrough = "principal has division && principal.division != \"Finance\"";

        Assert.Equal(Of(who: [NotFinance]), Read(atBest, Effect.Forbid));
        Assert.Null(Read(atBest, Effect.Permit));
        Assert.Equal(Of(who: [NotFinance]), Read(letsThrough, Effect.Permit));
        Assert.Equal(Of(who: [new PersonCondition.Attribute(PersonAttribute.Division, TextTest.Present, []), NotFinance]), Read(letsThrough, Effect.Forbid));
    }

    [Theory]
    [InlineData("permit (principal, action, resource is AWS::EC2::Instance);")]
    [InlineData("permit (principal, action, resource == AWS::EC2::Instance::\"i-0a1b2c3d4e5f60718\");")]
    [InlineData("permit (principal == AWS::IdentityStore::User::\"ann\", action, resource);")]
    [InlineData("permit (principal, action == AWS::SSM::Action::\"other\", resource);")]
    [InlineData("permit (principal, action, resource); permit (principal, action, resource);")]
    [InlineData("forbid (principal, action, resource);")]
    [InlineData("@id(\"x\") permit (principal, action, resource);")]
    [InlineData("// Why.\npermit (principal, action, resource);")]
    [InlineData("permit (principal, action, resource)")]
    [InlineData("")]
    public void TryRead_StatementOfAnotherShape_IsNull(string text) => Assert.Null(PolicyConditions.TryRead(text, Effect.Permit, engine.Cedar));

    [Fact]
    public void TryRead_Unless_IsTheOpposite()
    {
        string text = "permit (principal, action, resource) unless { resource.region == \"a\" || resource.hasTag(\"env\") } when { resource.account == \"1\" };";

        Assert.Equal(Of(nodes: [
            new NodeCondition.Property(NodeProperty.Region, TextTest.NotOneOf, ["a"]),
            new NodeCondition.Tag("env", TextTest.Absent, []),
            new NodeCondition.Property(NodeProperty.Account, TextTest.OneOf, ["1"])]), PolicyConditions.TryRead(text, Effect.Permit, engine.Cedar));
    }

    [Fact]
    public void TryRead_AwsSampleOfTwoSlashesInAText_IsNoComment() => Assert.NotNull(Read("resource.hasTag(\"url\") && resource.getTag(\"url\") == \"https://x\"", Effect.Permit));

    public static TheoryData<PolicyConditions, string> Unfinished => new()
    {
        { Of(who: [new PersonCondition.MemberOf([])]), "Choose at least one group, or remove the row." },
        { Of(who: [new PersonCondition.MemberOf([" "])]), "A group needs a name." },
        { Of(who: [new PersonCondition.Attribute(PersonAttribute.CostCenter, TextTest.OneOf, [])]), "Give at least one value for costCenter, or remove the row." },
        { Of(nodes: [new NodeCondition.Tag("", TextTest.Present, [])]), "A tag needs a key." },
        { Of(nodes: [new NodeCondition.Tag("env", TextTest.Like, [])]), "Give at least one value for the tag env, or remove the row." },
        { Of(nodes: [new NodeCondition.Tag("env", TextTest.Absent, ["x"])]), "Whether the tag env is there needs no value. Remove the values." },
        { Of(nodes: [new NodeCondition.Property(NodeProperty.Region, TextTest.Absent, [])]), "Every node has its Region: choose values, or remove the row." },
        { Of(when: [OfficeHours with { Zone = "Mars/Phobos" }]), "“Mars/Phobos” is no time zone that is known here. Use an IANA name such as Europe/Berlin; capital letters count." },
        { Of(when: [OfficeHours with { Days = [] }]), "Choose at least one day." },
        { Of(when: [OfficeHours with { Days = TimeCondition.EveryDay, To = OfficeHours.From }]), "The window is the whole week. Narrow it, or remove the row." },
    };

    [Theory]
    [MemberData(nameof(Unfinished), DisableDiscoveryEnumeration = true)]
    public void ToCedar_RowsNotFinished_SaysWhatToDoAndWritesNothing(PolicyConditions conditions, string problem)
    {
        Assert.Equal(problem, Assert.Single(conditions.Problems));
        Assert.EndsWith(problem, Assert.Throws<InvalidOperationException>(() => conditions.ToCedar(Effect.Permit)).Message, StringComparison.Ordinal);
    }

    private PolicyConditions? Read(string condition, Effect effect) =>
        PolicyConditions.TryRead(effect == Effect.Permit ? Given.Permit(condition) : Given.Forbid(condition), effect, engine.Cedar);

    private static PolicyConditions Of(PersonCondition[]? who = null, NodeCondition[]? nodes = null, TimeCondition[]? when = null) =>
        new() { Who = [.. who ?? []], Nodes = [.. nodes ?? []], When = [.. when ?? []] };
}
