namespace JitAccess.Cedar;

/// <summary>A piece of a text: from <paramref name="Start"/> up to, without, <paramref name="End"/>, counted in UTF-16 characters from 0.</summary>
/// <param name="Start">Where the piece begins.</param>
/// <param name="End">Where it ends; equal to the start for a place between characters.</param>
/// <param name="Line">The line of the start, counted from 1.</param>
/// <param name="Column">The column of the start in its line, counted from 1.</param>
/// <param name="EndLine">The line of the end, counted from 1.</param>
/// <param name="EndColumn">The column of the end in its line, counted from 1.</param>
public readonly record struct SourceSpan(int Start, int End, int Line, int Column, int EndLine, int EndColumn);

/// <summary>What the engine says about a place in a policy's text, as an error or a warning.</summary>
/// <param name="Message">What is wrong, in the engine's words.</param>
/// <param name="Help">What may set it right, when the engine knows.</param>
/// <param name="Span">The place, when the engine knows: in the text that was parsed, or in the policy that <paramref name="PolicyId"/> names.</param>
/// <param name="PolicyId">The policy of a validated <see cref="PolicySet"/> that it is about.</param>
public sealed record Diagnostic(string Message, string? Help = null, SourceSpan? Span = null, string? PolicyId = null);
