using JitAccess.Cedar.Evaluation;

namespace JitAccess.Cedar;

/// <summary>
/// The entities that a <see cref="CompiledPolicySet"/> may look at, made ready once: each knows everything that it is in, directly or not.
/// Immutable and safe to use from many threads. Stores can be laid over each other without copying, so that what belongs to
/// a person and what belongs to a node is each prepared once and combined for each decision.
/// </summary>
public sealed class EntityStore
{
    private readonly EntityTable[] _tables;

    /// <summary>The given entities.</summary>
    /// <exception cref="ArgumentException">A name occurs twice for entities that are not the same.</exception>
    /// <exception cref="FormatException">A value of an extension type has an argument that Cedar does not read, such as <c>datetime("today")</c>.</exception>
    public EntityStore(params IEnumerable<Entity> entities)
        : this([new EntityTable(entities.Select(ValueReader.Read))])
    {
    }

    private EntityStore(EntityTable[] tables) => _tables = tables;

    /// <summary>No entities.</summary>
    public static EntityStore Empty { get; } = new(Enumerable.Empty<Entity>());

    internal ReadOnlySpan<EntityTable> Tables => _tables;

    /// <summary>The given entities, read from their JSON text.</summary>
    /// <exception cref="FormatException">The text is not Cedar's JSON format for entities, or a value is none of Cedar's.</exception>
    public static EntityStore Of(Entities entities)
    {
        try
        {
            return new EntityStore([new EntityTable(ValueReader.ReadEntities(entities.Utf8))]);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>
    /// The stores' entities together. An entity that is in several of them has to be the same in all; who is in what reaches across them.
    /// Costs next to nothing when each entity's ancestors stand in the same store as the entity, or in none; otherwise all is copied once.
    /// </summary>
    public static EntityStore Layered(params ReadOnlySpan<EntityStore> stores)
    {
        var count = 0;
        foreach (var store in stores)
            count += store._tables.Length;
        var tables = new EntityTable[count];
        var next = 0;
        foreach (var store in stores)
        {
            store._tables.CopyTo(tables, next);
            next += store._tables.Length;
        }
        return ReachesAcross(tables)
            ? new EntityStore([new EntityTable(tables.SelectMany(table => table.Entities))])
            : new EntityStore(tables);
    }

    internal EntityData? Find(EntityName name)
    {
        foreach (var table in _tables)
        {
            if (table.Find(name) is { } entity)
                return entity;
        }
        return null;
    }

    internal EntityData? Find(EntityUid uid)
    {
        var hash = EntityName.HashOf(uid.Id);
        foreach (var table in _tables)
        {
            if (table.Find(uid, hash) is { } entity)
                return entity;
        }
        return null;
    }

    private static bool ReachesAcross(EntityTable[] tables)
    {
        foreach (var table in tables)
        {
            foreach (var ancestor in table.OpenAncestors)
            {
                foreach (var other in tables)
                {
                    if (!ReferenceEquals(table, other) && other.Find(ancestor) is { Parents.Count: > 0 })
                        return true;
                }
            }
        }
        return false;
    }
}
