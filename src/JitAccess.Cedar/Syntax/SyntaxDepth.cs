namespace JitAccess.Cedar.Syntax;

/// <summary>How deep expressions may be nested before they are refused: deeper than any that the engine parses, and shallow enough for the stack of every thread.</summary>
internal static class SyntaxDepth
{
    public const int Maximum = 1_500;

    /// <exception cref="CedarEngineException">The depth is beyond the maximum.</exception>
    public static void Check(int depth)
    {
        if (depth > Maximum)
            throw new CedarEngineException($"The policy is nested too deeply: more than {Maximum} expressions inside each other.");
    }
}
