using System.Collections.Immutable;

namespace JitAccess.Cedar.Syntax;

/// <summary>One <c>permit</c> or <c>forbid</c> statement taken apart.</summary>
/// <param name="Effect">Whether it permits or forbids.</param>
/// <param name="Principal">For whom.</param>
/// <param name="Action">For what.</param>
/// <param name="Resource">On what.</param>
/// <param name="Conditions">Its <c>when</c> and <c>unless</c> clauses, in the order of the text; all must let it through.</param>
public sealed record Statement(Effect Effect, Scope Principal, Scope Action, Scope Resource, ImmutableArray<Condition> Conditions)
{
    /// <inheritdoc/>
    public bool Equals(Statement? other) => other is not null && Effect == other.Effect && Principal.Equals(other.Principal)
        && Action.Equals(other.Action) && Resource.Equals(other.Resource) && Conditions.SequenceEqual(other.Conditions);

    /// <summary>The statement as Cedar text, which parses back to an equal one.</summary>
    /// <exception cref="CedarEngineException">It is nested too deeply.</exception>
    public override string ToString() => StatementWriter.Write(this);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Effect, Principal, Action, Resource, Conditions.Length);
}
