using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>One request made ready: what the nodes of compiled expressions look at. Used by one thread at a time, and used again for the next request.</summary>
internal sealed class Question
{
    private EntityStore _entities = EntityStore.Empty;

    public EntityName Principal { get; private set; } = null!;

    public EntityName Action { get; private set; } = null!;

    public EntityName Resource { get; private set; } = null!;

    public EntityData? PrincipalData { get; private set; }

    public EntityData? ActionData { get; private set; }

    public EntityData? ResourceData { get; private set; }

    public RecordValue Context { get; private set; } = RecordValue.Empty;

    /// <summary>Whether failures shall say why.</summary>
    public bool SaysWhy { get; set; }

    public EntityStore Entities => _entities;

    /// <exception cref="FormatException">The context cannot be read.</exception>
    public void Ask(AuthorizationRequest request, EntityStore entities)
    {
        _entities = entities;
        PrincipalData = entities.Find(request.Principal);
        ActionData = entities.Find(request.Action);
        ResourceData = entities.Find(request.Resource);
        Principal = PrincipalData?.Name ?? new EntityName(request.Principal);
        Action = ActionData?.Name ?? new EntityName(request.Action);
        Resource = ResourceData?.Name ?? new EntityName(request.Resource);
        Context = request.Context.Attributes;
        SaysWhy = false;
    }

    public Value ValueOf(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => new Value(Principal),
        RequestVariable.Action => new Value(Action),
        RequestVariable.Resource => new Value(Resource),
        RequestVariable.Context => new Value(Context),
    };

    /// <summary>What is known of an entity; null when it is not among the entities.</summary>
    public EntityData? Find(EntityName name)
    {
        if (ReferenceEquals(name, Principal))
            return PrincipalData;
        if (ReferenceEquals(name, Resource))
            return ResourceData;
        return ReferenceEquals(name, Action) ? ActionData : _entities.Find(name);
    }

    /// <summary>Whether the one is the other or in it, directly or not.</summary>
    public bool IsIn(EntityName entity, EntityName ancestor) =>
        entity.Equals(ancestor) || (Find(entity) is { } data && data.Ancestors.Contains(ancestor));
}
