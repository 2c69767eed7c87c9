using JitAccess.Domain;

namespace JitAccess.Web.Components.Shared;

/// <summary>What <see cref="ReasonDialog"/> asks.</summary>
/// <param name="Title">The question.</param>
/// <param name="Consequence">What will happen.</param>
/// <param name="WhoReads">Who reads the reason, and where.</param>
/// <param name="Confirm">The button that does it.</param>
/// <param name="Keep">The button that does not.</param>
/// <param name="CanBe">Whether a text is a reason.</param>
public sealed record ReasonAsking(string Title, string Consequence, string WhoReads, string Confirm, string Keep, Func<string?, Ruling> CanBe);
