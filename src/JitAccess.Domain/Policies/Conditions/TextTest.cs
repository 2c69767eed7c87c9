namespace JitAccess.Domain.Policies.Conditions;

/// <summary>
/// What a row of the condition builder asks of a text. Where the text may be missing, the negative tests fail closed by kind:
/// a deny-access policy takes what has no text as covered, an auto-approval policy does not.
/// </summary>
public enum TextTest
{
    /// <summary>The text is there and equals one of the values.</summary>
    OneOf,

    /// <summary>The text is there and is like one of the patterns, in which <c>*</c> stands for any characters and <c>\*</c> for a star.</summary>
    Like,

    /// <summary>The text is there, whatever it is.</summary>
    Present,

    /// <summary>The text equals none of the values.</summary>
    NotOneOf,

    /// <summary>The text is like none of the patterns.</summary>
    NotLike,

    /// <summary>There is no such text.</summary>
    Absent,
}
