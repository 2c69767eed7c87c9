namespace JitAccess.Web.Policies.Documents;

/// <summary>How a document is written. Both say the same.</summary>
public enum DocumentFormat
{
    Yaml,
    Json,
}
