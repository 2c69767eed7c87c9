using System.Collections.Immutable;
using JitAccess.Domain.People;

namespace JitAccess.Web.Identity;

/// <summary>Somebody who has signed in, as their claims said the last time.</summary>
public sealed class KnownPerson
{
    /// <summary>The identity provider's <c>sub</c>.</summary>
    public required string Subject { get; init; }

    public required string DisplayName { get; set; }

    public string? Email { get; set; }

    public ImmutableSortedSet<string> Groups { get; set; } = [];

    /// <summary>The attributes that policies may ask for.</summary>
    public PersonAttributes Attributes { get; set; } = new();

    /// <summary>The ARNs of the roles that the person may act under.</summary>
    public ImmutableSortedSet<string> Roles { get; set; } = [];

    /// <summary>The ARN of the IAM user or account root that they were signed in as: nobody acts under one, whatever roles they may have. Null for everybody else.</summary>
    public string? UnusableIdentity { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The person as the policies know them.</summary>
    public Person AsPerson() => new(Subject, DisplayName, Email, Groups, Attributes);
}
