using System.Globalization;
using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>The state of a request and of the grant that it opened: each change of either makes another version.</summary>
/// <param name="Request">The version of the request's row.</param>
/// <param name="Grant">The version of the grant's row; 0 without one.</param>
public readonly record struct RequestVersion(uint Request, uint Grant)
{
    /// <summary>The version that a text says; null for none.</summary>
    public static RequestVersion? Parse(string text) =>
        text.Split('-') is [{ } request, { } grant] && uint.TryParse(request, NumberStyles.None, CultureInfo.InvariantCulture, out uint first) && uint.TryParse(grant, NumberStyles.None, CultureInfo.InvariantCulture, out uint second)
            ? new RequestVersion(first, second)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Request}-{Grant}");
}

/// <summary>A request, and the versions of it that somebody acts on.</summary>
/// <param name="Id">The request.</param>
/// <param name="Versions">The versions that it must still have one of; null when any will do.</param>
public readonly record struct SeenRequest(Guid Id, IReadOnlyCollection<RequestVersion>? Versions = null)
{
    public static implicit operator SeenRequest(Guid id) => new(id);

    /// <summary>Whether the request is still as it was seen.</summary>
    public Ruling IsStill(RequestVersion now) => Versions?.Contains(now) != false
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Changed, "The request was changed meanwhile. Look at what it says now, then decide again.");
}

/// <summary>Versions of what a context has loaded. A save of the same rows fails if they are not the newest.</summary>
internal static class RequestVersions
{
    /// <summary>The version of a loaded request; its grant is loaded too if it has one.</summary>
    public static async Task<RequestVersion> VersionOfAsync(this JitAccessDbContext database, AccessRequest request, CancellationToken cancellationToken) =>
        database.VersionOf(request, await database.Grants.SingleOrDefaultAsync(grant => grant.RequestId == request.Id, cancellationToken));

    /// <summary>The version of a loaded request and of the grant that it opened.</summary>
    public static RequestVersion VersionOf(this JitAccessDbContext database, AccessRequest request, Grant? grant) =>
        new(database.Entry(request).Property<uint>("xmin").CurrentValue, grant is null ? 0 : database.Entry(grant).Property<uint>("xmin").CurrentValue);
}
