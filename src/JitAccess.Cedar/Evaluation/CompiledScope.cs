using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>What a statement's head demands of one variable; never fails.</summary>
internal sealed class CompiledScope
{
    private readonly EntityName? _same;
    private readonly string? _type;
    private readonly EntityName[]? _ancestors;

    public CompiledScope(Scope scope)
    {
        switch (scope)
        {
            case Scope.Equal equal:
                _same = new EntityName(equal.Entity);
                break;
            case Scope.In within:
                _ancestors = [.. within.Entities.Select(uid => new EntityName(uid))];
                break;
            case Scope.Is type:
                _type = type.EntityType;
                _ancestors = type.Ancestor is { } ancestor ? [new EntityName(ancestor)] : null;
                break;
        }
    }

    public bool Holds(EntityName entity, EntityData? data)
    {
        if (_same is not null && !_same.Equals(entity))
            return false;
        if (_type is not null && _type != entity.Type)
            return false;
        return _ancestors is null || IsInAny(_ancestors, entity, data);
    }

    private static bool IsInAny(EntityName[] ancestors, EntityName entity, EntityData? data)
    {
        foreach (var ancestor in ancestors)
        {
            if (ancestor.Equals(entity) || (data is not null && data.Ancestors.Contains(ancestor)))
                return true;
        }
        return false;
    }
}
