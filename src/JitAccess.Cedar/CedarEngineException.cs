namespace JitAccess.Cedar;

/// <summary>The engine gave no answer: it refused the input, reached a limit, or was too busy. Whoever asked has no decision.</summary>
public sealed class CedarEngineException : Exception
{
    /// <summary>No answer, for the given reason.</summary>
    public CedarEngineException(string message)
        : base(message)
    {
    }

    /// <summary>No answer, for the given reason, which has a cause.</summary>
    public CedarEngineException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
