using System.Collections.Immutable;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Tests.Faults;

/// <summary>What somebody does in a walk. Minutes are those that the act speaks of: asked for, added, shortened to.</summary>
internal abstract record Act
{
    public sealed record Submit(int Minutes) : Act;

    /// <summary>Asks for more time on the grant whose end is seen as given.</summary>
    public sealed record Extend(int Minutes, DateTimeOffset SeenEnd) : Act;

    public sealed record Approve(int Approver, int? ShortenTo) : Act;

    public sealed record Reject(int Approver) : Act;

    public sealed record Cancel : Act;

    public sealed record Return : Act;

    public sealed record Revoke(int Approver) : Act;

    /// <summary>The clock's work on requests.</summary>
    public sealed record TimeOut : Act;

    /// <summary>The clock's work on grants.</summary>
    public sealed record Expire : Act;
}

/// <summary>A request as far as the model goes. Duration in minutes.</summary>
internal sealed record ModelRequest(bool IsExtension, int Minutes, DateTimeOffset TimesOutAt, RequestStatus Status, ImmutableSortedSet<int> Approved, int Reviews);

/// <summary>A grant as far as the model goes.</summary>
internal sealed record ModelGrant(DateTimeOffset EndsAt, GrantEnd? End);

/// <summary>
/// The life of one person's requests for one node under a policy of two levels, one approval each and 4 hours at most, written down once more
/// and as small as it can be: three approvers, each of whom may answer at either level, but once a request.
/// </summary>
internal sealed record WalkModel(ImmutableList<ModelRequest> Requests, ImmutableList<ModelGrant> Grants)
{
    public const int MaximumMinutes = 240;

    public static WalkModel Empty { get; } = new([], []);

    public ModelRequest? Pending => Requests.LastOrDefault() is { Status: RequestStatus.Pending } pending ? pending : null;

    /// <summary>In which states things are, whichever and however many: <c>extension Approved</c>.</summary>
    public IEnumerable<string> States =>
        Requests.SelectMany(request => request.IsExtension ? new[] { $"request {request.Status}", $"extension {request.Status}" } : [$"request {request.Status}"]).Concat(Grants.Select(grant => $"grant {grant.End}"));

    private ModelGrant? Living => Grants.LastOrDefault() is { End: null } living ? living : null;

    /// <summary>What is stored, to compare.</summary>
    public string Described => string.Join("; ", Requests.Select(request => $"{request.Status} {request.Minutes} {request.Reviews}")) + " | " + string.Join("; ", Grants.Select(grant => $"{grant.End} {grant.EndsAt:O}"));

    /// <summary>What the act leads to; null if it is refused.</summary>
    public WalkModel? After(Act act, DateTimeOffset now) => act switch
    {
        // Inside the window the answer is the grant that is there.
        Act.Submit when Living?.EndsAt > now => this,
        Act.Submit when Pending is not null => null,
        Act.Submit submit => Ended(GrantEnd.Expired, overdueAt: now).With(new ModelRequest(false, submit.Minutes, now.AddDays(7), RequestStatus.Pending, [], 0)),

        Act.Extend extend => (Living, Pending) is ({ } grant, null) && grant.EndsAt > now && grant.EndsAt == extend.SeenEnd && extend.Minutes <= MaximumMinutes - (grant.EndsAt - now).TotalMinutes
            ? With(new ModelRequest(true, extend.Minutes, Earlier(now.AddDays(7), grant.EndsAt), RequestStatus.Pending, [], 0))
            : null,

        Act.Approve approve => MayAnswer(approve.Approver, now) && (approve.ShortenTo is null || approve.ShortenTo <= Pending!.Minutes) ? Approved(approve, now) : null,
        Act.Reject reject => MayAnswer(reject.Approver, now) ? Replaced(Pending! with { Status = RequestStatus.Rejected, Reviews = Pending.Reviews + 1 }) : null,
        Act.Cancel => Pending is { } pending ? Replaced(pending with { Status = RequestStatus.Cancelled }) : null,
        Act.Return => Living?.EndsAt > now ? Ended(GrantEnd.Returned).WithoutExtension(now) : null,
        Act.Revoke => Living?.EndsAt > now ? Ended(GrantEnd.Revoked).WithoutExtension(now) : null,
        Act.TimeOut => Pending is { } pending && pending.TimesOutAt <= now ? Replaced(pending with { Status = RequestStatus.TimedOut }) : this,
        Act.Expire => Living?.EndsAt <= now ? Ended(GrantEnd.Expired).WithoutExtension(now) : this,
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private bool MayAnswer(int approver, DateTimeOffset now) => Pending is { } pending && now < pending.TimesOutAt && !pending.Approved.Contains(approver);

    private WalkModel Approved(Act.Approve approve, DateTimeOffset now)
    {
        ModelRequest answered = Pending! with { Approved = Pending.Approved.Add(approve.Approver), Reviews = Pending.Reviews + 1, Minutes = approve.ShortenTo ?? Pending.Minutes };
        if (answered.Reviews < 2) return Replaced(answered);
        WalkModel approved = Replaced(answered with { Status = RequestStatus.Approved });
        return answered.IsExtension
            ? approved with { Grants = Grants.SetItem(Grants.Count - 1, Grants[^1] with { EndsAt = Grants[^1].EndsAt.AddMinutes(answered.Minutes) }) }
            : approved with { Grants = Grants.Add(new ModelGrant(now.AddMinutes(answered.Minutes), null)) };
    }

    private WalkModel With(ModelRequest request) => this with { Requests = Requests.Add(request) };

    private WalkModel Replaced(ModelRequest last) => this with { Requests = Requests.SetItem(Requests.Count - 1, last) };

    private WalkModel Ended(GrantEnd end) => this with { Grants = Grants.SetItem(Grants.Count - 1, Grants[^1] with { End = end }) };

    private WalkModel Ended(GrantEnd end, DateTimeOffset overdueAt) => Living?.EndsAt <= overdueAt ? Ended(end) : this;

    // More time on a grant that has ended is of no use.
    private WalkModel WithoutExtension(DateTimeOffset now) => Pending is { IsExtension: true } pending
        ? Replaced(pending with { Status = now >= pending.TimesOutAt ? RequestStatus.TimedOut : RequestStatus.Cancelled })
        : this;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
