namespace JitAccess.Domain.Policies;

/// <summary>Cedar <c>forbid</c> statements; a match keeps the request from automatic approval, or refuses it. A statement that cannot be evaluated counts as a match.</summary>
public sealed record DenyAccessPolicy : Policy
{
    /// <summary>One or more Cedar <c>forbid</c> statements.</summary>
    public required string Cedar { get; init; }

    /// <summary>What a match does.</summary>
    public DenyEffect Effect { get; init; } = DenyEffect.BlockAutoApproval;

    /// <inheritdoc />
    public override PolicyKind Kind => PolicyKind.DenyAccess;
}
