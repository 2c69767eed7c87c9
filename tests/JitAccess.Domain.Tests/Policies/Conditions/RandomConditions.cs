using System.Collections.Immutable;
using CsCheck;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Domain.Tests.Policies.Conditions;

/// <summary>Random rows of the condition builder, and questions from the same small world, so that rows hold about as often as not.</summary>
internal static class RandomConditions
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "UTC"];

    private static readonly string[] Groups = ["engineering", "finance", "a \"quoted\" group"];

    private static readonly string[] Texts = ["prod", "stage", "", "a*b", "E-17", @"back\slash"];

    private static readonly string[] Patterns = ["prod", "p*", "*", "E-1*", @"a\**", "", @"*\\s*"];

    private static readonly string[] Keys = ["env", "cost center"];

    private static readonly Gen<(TextTest Test, ImmutableArray<string> Values)> Test = Gen.Select(Gen.Enum<TextTest>(), Distinct(Texts), Distinct(Patterns),
        (test, texts, patterns) => (test, test switch
        {
            TextTest.OneOf or TextTest.NotOneOf => texts,
            TextTest.Like or TextTest.NotLike => patterns,
            _ => [],
        }));

    private static readonly Gen<PersonCondition> Person = Gen.Select(Gen.Int[0, 2], Gen.Bool, Distinct(Groups), Gen.Enum<PersonAttribute>(), Test,
        PersonCondition (kind, isNot, groups, attribute, test) => kind == 0 ? new PersonCondition.MemberOf(groups, isNot) : new PersonCondition.Attribute(attribute, test.Test, test.Values));

    private static readonly Gen<NodeCondition> Nodes = Gen.Select(Gen.Int[0, 4], Gen.Int[0, Keys.Length - 1], Test, Gen.Bool,
        NodeCondition (kind, key, test, isNot) => kind switch
        {
            0 => new NodeCondition.Property(NodeProperty.Account, isNot ? TextTest.NotOneOf : TextTest.OneOf, ["111111111111"]),
            1 => new NodeCondition.Property(NodeProperty.Region, isNot ? TextTest.NotOneOf : TextTest.OneOf, ["eu-west-1", "eu-north-1"]),
            2 => new NodeCondition.Property(NodeProperty.Platform, isNot ? TextTest.NotLike : TextTest.Like, ["Lin*"]),
            _ => new NodeCondition.Tag(Keys[key], test.Test, test.Values),
        });

    private static readonly Gen<TimeCondition> Time = Gen.Select(Gen.Int[0, Zones.Length - 1], Gen.Bool.Array[7], Gen.Int[0, 47], Gen.Int[0, 47], Gen.Int[0, 4], Gen.Bool,
        (zone, days, from, to, shape, isOutside) => new TimeCondition(Zones[zone],
            shape == 0 || days.All(day => !day) ? TimeCondition.EveryDay : [.. TimeCondition.EveryDay.Where((_, index) => days[index])],
            TimeOnly.MinValue.AddMinutes(shape == 1 ? 0 : from * 30),
            TimeOnly.MinValue.AddMinutes(shape <= 2 ? 0 : to * 30),
            isOutside)).Where(row => row.Days.Length < 7 || row.From != row.To);

    public static readonly Gen<PolicyConditions> Any = Gen.Select(Person.Array[0, 3], Nodes.Array[0, 3], Time.Array[0, 2],
        (who, nodes, when) => new PolicyConditions { Who = [.. who], Nodes = [.. nodes], When = [.. when] });

    /// <summary>Rows as a person would make them: not two about the same thing, and groups first.</summary>
    public static readonly Gen<PolicyConditions> Tidy = Any.Select(any => any with
    {
        Who = [.. any.Who.OrderBy(row => row is PersonCondition.Attribute).DistinctBy(row => row is PersonCondition.Attribute attribute ? attribute.Name : (PersonAttribute?)null)],
        Nodes = [.. any.Nodes.DistinctBy(row => row switch
        {
            NodeCondition.Tag tag => tag.Key,
            NodeCondition.Property property => property.Name.ToString(),
            _ => "",
        })],
    });

    public static readonly Gen<Effect> Effect = Gen.Enum<Effect>();

    private static readonly Gen<string?> Text = Gen.Int[-2, Texts.Length - 1].Select(index => index < 0 ? null : Texts[index]);

    public static readonly Gen<AccessQuestion> Question = Gen.Select(Gen.Bool.Array[3], Text.Array[4], Text.Array[2], Gen.Bool, Gen.Int[0, 14 * 24 * 60],
        (groups, attributes, tags, isElsewhere, minutes) => Given.Question(
            Given.Actor("requester", null, [.. Groups.Where((_, index) => groups[index])]).WithAttributes(new PersonAttributes(attributes[0], attributes[1], attributes[2], attributes[3])),
            Given.Node() with
            {
                Region = isElsewhere ? "ap-northeast-1" : "eu-north-1",
                Platform = isElsewhere ? "Windows" : "Linux",
                Tags = Node.NoTags.AddRange(Keys.Zip(tags).Where(pair => pair.Second is not null).Select(pair => KeyValuePair.Create(pair.First, pair.Second!))),
            }) with
        { At = Given.Now.AddMinutes(minutes) });

    private static Gen<ImmutableArray<string>> Distinct(string[] of) => Gen.Int[0, of.Length - 1].Array[1, 3].Select(chosen => chosen.Select(index => of[index]).Distinct().ToImmutableArray());
}
