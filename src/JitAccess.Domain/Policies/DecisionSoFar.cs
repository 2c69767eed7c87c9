namespace JitAccess.Domain.Policies;

/// <summary>The places of the policies with statements that match, as far as a decision needs them; <see cref="None"/> where none does.</summary>
internal struct DecisionSoFar
{
    /// <summary>No policy.</summary>
    public const int None = int.MaxValue;

    /// <summary>Nothing matches yet.</summary>
    public DecisionSoFar()
    {
    }

    /// <summary>The first deny-access policy that refuses.</summary>
    public int Refusing { get; private set; } = None;

    /// <summary>The first deny-access policy, whatever its effect.</summary>
    public int Denying { get; private set; } = None;

    /// <summary>The first auto-approval policy.</summary>
    public int Permitting { get; private set; } = None;

    /// <summary>A deny-access policy matches.</summary>
    public void Deny(int place, bool refuses)
    {
        Denying = Math.Min(Denying, place);
        if (refuses) Refusing = Math.Min(Refusing, place);
    }

    /// <summary>An auto-approval policy matches.</summary>
    public void Permit(int place) => Permitting = Math.Min(Permitting, place);
}
