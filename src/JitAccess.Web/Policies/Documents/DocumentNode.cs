namespace JitAccess.Web.Policies.Documents;

/// <summary>A part of a document, YAML or JSON alike, with its place.</summary>
internal abstract record DocumentNode(int Line, int Column)
{
    /// <summary>How deep lists and fields may be within one another; a policy document needs 7.</summary>
    public const int MaximumDepth = 32;
}

/// <summary>A single value.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Column">Its column.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsText">True for what is text whatever it says: quoted, or a block.</param>
internal sealed record ScalarNode(int Line, int Column, string Text, bool IsText) : DocumentNode(Line, Column)
{
    /// <summary>Where the text itself begins when it runs over lines of the document as it is; null if its lines are not those of the document.</summary>
    public (int Line, int Column)? Block { get; init; }
}

/// <summary>A list.</summary>
internal sealed record ListNode(int Line, int Column, IReadOnlyList<DocumentNode> Items) : DocumentNode(Line, Column);

/// <summary>Fields with their values.</summary>
internal sealed record FieldsNode(int Line, int Column, IReadOnlyList<(ScalarNode Key, DocumentNode Value)> Fields) : DocumentNode(Line, Column);
