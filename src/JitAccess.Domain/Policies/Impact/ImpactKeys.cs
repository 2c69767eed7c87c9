using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>
/// All that either of two versions can see of a person, a node or a time, as one key: two with equal keys get equal decisions by both,
/// whatever is on the other side.
/// </summary>
internal sealed class ImpactKeys
{
    private const char Between = '\u0001';

    private readonly PolicyEvaluator _before;
    private readonly PolicyEvaluator _after;
    private readonly Conditions _ofPerson;
    private readonly Conditions _ofNode;
    private readonly Conditions _ofRequest;
    private readonly ImmutableArray<ClockZone> _zones;
    /// <summary>Somebody about whom nothing is known, where only the other sides matter.</summary>
    public PreparedPerson Anybody { get; } = new(new Actor
    {
        Person = new Person("", "", null, [], new PersonAttributes()),
        Identity = new ProvenIdentity.Unmapped(),
    });

    /// <summary>A node of which nothing is known, where only the other sides matter.</summary>
    public PreparedNode Anything { get; } = new(new Node
    {
        Id = InstanceId.Parse("i-00000000"),
        Account = AccountId.Parse("000000000000"),
        Region = "",
        Name = "",
        Platform = "",
        PingStatus = PingStatus.Online,
    });

    /// <summary>A time that nobody names, where only the other sides matter.</summary>
    public PreparedRequest AnyTime { get; }

    public ImpactKeys(PolicyEvaluator before, PolicyEvaluator after)
    {
        (_before, _after) = (before, after);
        Distinctions distinctions = new(before.Statements.Concat(after.Statements));
        _ofPerson = new Conditions(distinctions, Distinctions.Side.Person);
        _ofNode = new Conditions(distinctions, Distinctions.Side.Node);
        _ofRequest = new Conditions(distinctions, Distinctions.Side.Request);
        _zones = [.. before.Zones.Concat(after.Zones).DistinctBy(zone => zone.Name)];
        AnyTime = before.Prepare(DateTimeOffset.UnixEpoch);
    }

    /// <summary>What can be seen of a person: also whether they may ask at all, and for which manual policies too few would be left to approve.</summary>
    public string Of(Actor actor)
    {
        PreparedPerson person = new(actor);
        StringBuilder key = new();
        key.Append(person.CanAct.IsAllowed ? '1' : '0').AppendJoin(',', _before.UnmetFor(actor.Subject)).Append(Between).AppendJoin(',', _after.UnmetFor(actor.Subject)).Append(Between);
        _ofPerson.AppendTo(key, person, Anything, AnyTime);
        foreach (Distinctions.Fact fact in _ofPerson.Facts)
        {
            key.Append(Between).Append(fact.Kind switch
            {
                Distinctions.FactKind.Tag => Text(actor.PrincipalTags.GetValueOrDefault(fact.Name)),
                Distinctions.FactKind.Attribute => Text(AttributeOf(actor.Person.Attributes, fact.Name)),
                _ => Text(actor.Subject),
            });
        }
        return key.ToString();
    }

    /// <summary>What can be seen of a node: also whether it can be reached, and which manual policy decides about it.</summary>
    public string Of(Node node)
    {
        PreparedNode prepared = new(node);
        StringBuilder key = new();
        key.Append(prepared.IsReachable ? '1' : '0').Append(_before.FirstManualPlace(node)).Append(Between).Append(_after.FirstManualPlace(node)).Append(Between);
        _ofNode.AppendTo(key, Anybody, prepared, AnyTime);
        foreach (Distinctions.Fact fact in _ofNode.Facts)
        {
            key.Append(Between).Append(fact.Kind switch
            {
                Distinctions.FactKind.Tag => Text(node.Tags.GetValueOrDefault(fact.Name)),
                Distinctions.FactKind.Attribute => Text(AttributeOf(node, fact.Name)),
                _ => Text(node.Id.Value),
            });
        }
        return key.ToString();
    }

    /// <summary>What can be seen of a time. The two versions may take another duration for the longest, so each is asked with its own.</summary>
    public string Of(DateTimeOffset time)
    {
        StringBuilder key = new();
        foreach (PolicyEvaluator evaluator in new[] { _before, _after })
        {
            _ofRequest.AppendTo(key, Anybody, Anything, evaluator.Prepare(time, _zones));
            key.Append(Between);
        }
        if (_ofRequest.Facts.Any()) key.Append(time.UtcTicks.ToString(CultureInfo.InvariantCulture));
        return key.ToString();
    }

    // What is not there is not the same as what is there and empty.
    private static string Text(string? value) => value is null ? "-" : $"+{value.Length}:{value}";

    private static string? AttributeOf(PersonAttributes attributes, string name) => name switch
    {
        "employeeNumber" => attributes.EmployeeNumber,
        "costCenter" => attributes.CostCenter,
        "organization" => attributes.Organization,
        "division" => attributes.Division,
        _ => null,
    };

    private static string? AttributeOf(Node node, string name) => name switch
    {
        "account" => node.Account.Value,
        "region" => node.Region,
        "platform" => node.Platform,
        _ => null,
    };

    /// <summary>The conditions that concern one side alone, each asked as a statement of its own.</summary>
    private sealed class Conditions(Distinctions distinctions, Distinctions.Side side)
    {
        private readonly CompiledPolicySet _compiled = CompiledPolicySet.Compile(distinctions.ConditionsOf(side).Select((condition, index) => KeyValuePair.Create(
            index.ToString(CultureInfo.InvariantCulture), new Statement(Effect.Permit, new Scope.Any(), new Scope.Any(), new Scope.Any(), [new Condition(IsUnless: false, condition)]))));
        private readonly StatementMatches _matches = new();

        public ImmutableArray<Distinctions.Fact> Facts { get; } = [.. distinctions.FactsOf(side)];

        public void AppendTo(StringBuilder key, PreparedPerson person, PreparedNode node, PreparedRequest request)
        {
            _compiled.Evaluate(NodeAccessCedar.RequestFor(person.Uid, node.Uid, request.Context), EntityStore.Layered(person.Entities, node.Entities, request.Entities), _matches);
            // Positions as characters above those that separate.
            foreach (int index in _matches.Matched) Append(key, index);
            key.Append(Between);
            foreach (int index in _matches.Failed) Append(key, index);
        }

        private static void Append(StringBuilder key, int index)
        {
            const int first = 0x20;
            const int span = 0xD000;
            if (index >= span) key.Append((char)(first + span + index / span));
            key.Append((char)(first + index % span));
        }
    }
}
