using JitAccess.Domain.People;

namespace JitAccess.Domain.Requests;

/// <summary>One approver's verdict on a request, or the automatic one of a policy. A person gives one review per request.</summary>
public sealed class Review
{
    /// <summary>The longest comment, in characters.</summary>
    public const int MaximumCommentLength = 1000;

    private Review() { }

    internal Review(Guid id, int level, string? reviewer, string reviewerName, string answersFor, ReviewVerdict verdict, string comment, DateTimeOffset at, TimeSpan? shortenedTo = null, Person? inPlaceOf = null)
    {
        (Id, Level, Reviewer, ReviewerName, AnswersFor, Verdict, Comment, At, ShortenedTo) = (id, level, reviewer, reviewerName, answersFor, verdict, comment, at, shortenedTo);
        (InPlaceOf, InPlaceOfName) = (inPlaceOf?.Subject, inPlaceOf?.DisplayName);
    }

    /// <summary>The review's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The level it was given at, from 1; 0 for the automatic review, and for one given after glass was broken.</summary>
    public int Level { get; private set; }

    /// <summary>The reviewer's subject; null for the automatic review of a policy.</summary>
    public string? Reviewer { get; private set; }

    /// <summary>The reviewer's name, or the policy's.</summary>
    public string ReviewerName { get; private set; } = "";

    /// <summary>The approver entry under which it was given, or the policy's name.</summary>
    public string AnswersFor { get; private set; } = "";

    /// <summary>The subject of the absent approver in whose place it was given; null for the reviewer's own seat.</summary>
    public string? InPlaceOf { get; private set; }

    /// <summary>Their name; null for the reviewer's own seat.</summary>
    public string? InPlaceOfName { get; private set; }

    /// <summary>The subject of the one whose seat was used; null for the automatic review.</summary>
    public string? SeatOf => InPlaceOf ?? Reviewer;

    /// <summary>Who gave it, in words: <c>Mara Stone in place of Kim Lee</c>.</summary>
    public string GivenBy => InPlaceOfName is null ? ReviewerName : $"{ReviewerName} in place of {InPlaceOfName}";

    /// <summary>The verdict.</summary>
    public ReviewVerdict Verdict { get; private set; }

    /// <summary>What the reviewer wrote; empty if nothing.</summary>
    public string Comment { get; private set; } = "";

    /// <summary>The duration that the approval shortened the request to; null if it left the duration as it was.</summary>
    public TimeSpan? ShortenedTo { get; private set; }

    /// <summary>When it was given.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>True for the review that an auto-approval policy records.</summary>
    public bool IsAutomatic => Reviewer is null;
}
