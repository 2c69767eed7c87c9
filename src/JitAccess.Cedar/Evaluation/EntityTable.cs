using System.Numerics;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Entities by name, each with all its ancestors among them; immutable.</summary>
internal sealed class EntityTable
{
    // Open addressing, at most half full, so that a search ends at an empty slot.
    private readonly EntityData?[] _slots;

    /// <exception cref="ArgumentException">A name occurs twice for entities that are not the same.</exception>
    public EntityTable(IEnumerable<EntityData> entities)
    {
        var distinct = new Dictionary<EntityName, EntityData>();
        foreach (var entity in entities)
        {
            if (!distinct.TryAdd(entity.Name, entity) && !IsSame(distinct[entity.Name], entity))
                throw new ArgumentException($"The entity {entity.Name} occurs twice with different content.", nameof(entities));
        }

        _slots = new EntityData?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * distinct.Count, 1))];
        var open = new HashSet<EntityName>();
        foreach (var entity in distinct.Values)
        {
            var index = entity.Name.GetHashCode() & (_slots.Length - 1);
            while (_slots[index] is not null)
                index = (index + 1) & (_slots.Length - 1);
            _slots[index] = entity.Parents.Count == 0 ? entity : entity with { Ancestors = AncestorsOf(entity, distinct, open) };
        }
        OpenAncestors = [.. open];
    }

    /// <summary>The entities, in no order.</summary>
    public IEnumerable<EntityData> Entities => _slots.OfType<EntityData>();

    /// <summary>Ancestors that are not among the entities, so that another table may know what they in turn are in.</summary>
    public EntityName[] OpenAncestors { get; }

    public EntityData? Find(EntityName name)
    {
        for (var index = name.GetHashCode() & (_slots.Length - 1); _slots[index] is { } entity; index = (index + 1) & (_slots.Length - 1))
        {
            if (entity.Name.Equals(name))
                return entity;
        }
        return null;
    }

    public EntityData? Find(EntityUid uid, int hash)
    {
        for (var index = hash & (_slots.Length - 1); _slots[index] is { } entity; index = (index + 1) & (_slots.Length - 1))
        {
            if (entity.Name.GetHashCode() == hash && entity.Name.Is(uid))
                return entity;
        }
        return null;
    }

    private static HashSet<EntityName> AncestorsOf(EntityData entity, Dictionary<EntityName, EntityData> entities, HashSet<EntityName> open)
    {
        var ancestors = new HashSet<EntityName>();
        var waiting = new Stack<EntityName>(entity.Parents);
        while (waiting.TryPop(out var ancestor))
        {
            // What was met before is not followed again, so that a cycle comes to an end.
            if (!ancestors.Add(ancestor))
                continue;
            if (!entities.TryGetValue(ancestor, out var next))
                open.Add(ancestor);
            else if (next.Parents.Count > 0)
            {
                foreach (var parent in next.Parents)
                    waiting.Push(parent);
            }
        }
        return ancestors;
    }

    private static bool IsSame(EntityData one, EntityData other) =>
        one.Attributes.Equals(other.Attributes) && one.Tags.Equals(other.Tags) && one.Parents.ToHashSet().SetEquals(other.Parents);
}
