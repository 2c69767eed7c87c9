using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class LeftGroupTests
{
    private const string Leads = "platform-leads";

    public static TheoryData<string, string[], bool> Memberships => new()
    {
        { "approver", [Leads], true },
        { "approver", [Leads, "others"], true },
        { "approver", ["others"], false },
        { "approver", [], false },
        // Who is not known has not been seen to leave.
        { "somebody-else", [], true },
    };

    [Theory]
    [MemberData(nameof(Memberships))]
    public void Approve_AfterTheFirstReviewerSignedInAgain_CountsThemOnlyIfNotKnownToHaveLeft(string known, string[] groups, bool counts)
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(2, Given.Group(Leads))));
        request.Approve(Given.Approver, "", Given.Now);
        ApproverDirectory directory = Knows(known, groups);

        Assert.Equal((counts, counts ? 1 : 0), (request.StillCounts(request.Reviews[0], directory), request.ApprovalsAt(1, directory)));
        request.Approve(Given.Approver2, "", Given.Now, known: directory);

        Assert.Equal(counts ? RequestStatus.Approved : RequestStatus.Pending, request.Status);
    }

    [Fact]
    public void StillCounts_LevelThatIsComplete_StandsWhoeverLeaves()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(1, Given.Group(Leads)), Given.Level(1, Given.Group(Leads))));
        request.Approve(Given.Approver, "", Given.Now);

        Assert.True(request.StillCounts(request.Reviews[0], Knows("approver")));
        Assert.Equal((2, 1), (request.OpenLevel, request.ApprovalsAt(1, Knows("approver"))));
    }

    [Fact]
    public void StillCounts_ReviewerWhoIsNamedByAnotherEntryOfTheLevel_Counts()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(2, Given.Group(Leads), Given.Person("approver"))));
        request.Approve(Given.Approver, "", Given.Now);

        Assert.True(request.StillCounts(request.Reviews[0], Knows("approver")));
    }

    [Fact]
    public void AsKnown_GroupsThatWereLeft_AreGoneAndNoneIsAdded()
    {
        Actor actor = Given.Actor("approver", null, Leads, "others");

        Assert.Equal(["others"], Knows("approver", "others", "new").AsKnown(actor).Person.Groups);
        Assert.Same(actor, ApproverDirectory.Unknown.AsKnown(actor));
    }

    private static ApproverDirectory Knows(string subject, params string[] groups) =>
        new([new ApproverDirectory.KnownPerson(subject, subject, groups.ToImmutableSortedSet(StringComparer.Ordinal), [])], IsComplete: false);
}
