using System.Collections.Immutable;

namespace JitAccess.Domain.People;

/// <summary>Somebody in the directory.</summary>
/// <param name="Subject">The identifier that the identity provider gives them for ever (OpenID Connect <c>sub</c>).</param>
/// <param name="DisplayName">What others call them.</param>
/// <param name="Email">Where they are reached; null if not known.</param>
/// <param name="Groups">The groups they are in, by the identity provider's identifiers.</param>
/// <param name="Attributes">The attributes that policies may ask for.</param>
public sealed record Person(string Subject, string DisplayName, string? Email, ImmutableSortedSet<string> Groups, PersonAttributes Attributes);
