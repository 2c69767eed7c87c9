namespace JitAccess.Cedar.Syntax;

/// <summary>One <c>when { … }</c> or <c>unless { … }</c>.</summary>
/// <param name="IsUnless">True for <c>unless</c>: the statement applies where the body is false.</param>
/// <param name="Body">What must be true, or for <c>unless</c> false.</param>
public sealed record Condition(bool IsUnless, Expression Body);
