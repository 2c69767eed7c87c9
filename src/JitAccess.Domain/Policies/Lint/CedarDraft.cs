using JitAccess.Cedar;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>The Cedar text of a policy that is being looked at, and how problems in it are told.</summary>
internal sealed class CedarDraft(Policy policy, string text, Effect effect)
{
    /// <summary>The form's field; both kinds of policy name it alike.</summary>
    public const string Field = nameof(DenyAccessPolicy.Cedar);

    public string Text => text;

    /// <summary>The effect that the policy's statements must have.</summary>
    public Effect Effect => effect;

    public PolicyProblem Problem(int start, int end, string message, bool isWarning = false, PolicyMend? mend = null)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, start);
        return new PolicyProblem(Field, message, isWarning, before.Count('\n') + 1, start - before.LastIndexOf('\n')) { Length = end - start, Mend = mend };
    }

    public PolicyMend Mend(string label, params IEnumerable<TextEdit> edits)
    {
        string mended = TextEdit.Apply(text, edits);
        return new PolicyMend(label, policy switch
        {
            DenyAccessPolicy deny => deny with { Cedar = mended },
            AutoApprovalPolicy auto => auto with { Cedar = mended },
            _ => throw new InvalidOperationException("Only policies with Cedar text are mended here."),
        });
    }

    public string Piece(int start, int end) => text[start..end];
}
