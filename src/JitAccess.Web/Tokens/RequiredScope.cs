namespace JitAccess.Web.Tokens;

/// <summary>Metadata of an endpoint: the scope that a token needs for it.</summary>
internal sealed record RequiredScope(string Name);
