using JitAccess.Domain.People;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Notifications;

/// <summary>What the words of a notice are made from.</summary>
/// <param name="Request">The request concerned; null if it is about none.</param>
/// <param name="Subject">What it happened to.</param>
/// <param name="ActorName">Who did it.</param>
internal sealed record NoticeFacts(AccessRequest? Request, string Subject, string ActorName)
{
    /// <summary>The delegation concerned; null if it is about none.</summary>
    public Delegation? Delegation { get; init; }

    public string Requester => Request?.RequesterName ?? "";

    /// <summary><c>access to web-1</c></summary>
    public string Asked => $"{(Request?.IsExtension == true ? "more time on" : "access to")} {Node}";

    /// <summary><c>Request 12 of Alex for access to web-1</c></summary>
    public string TheRequest => $"Request {Request?.Number} of {Requester} for {Asked}";

    public string Node => Request?.NodeName ?? "";

    /// <summary>The page that shows it.</summary>
    public string Path => Request is { } request ? $"requests/{request.Id}" : "";
}
