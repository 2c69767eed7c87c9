using JitAccess.Domain.People;

namespace JitAccess.Domain.Tests.People;

public sealed class DelegationTests
{
    private static readonly Person Deputy = Given.Actor("deputy").Person;

    private static readonly DateTimeOffset Tomorrow = Given.Now.AddDays(1);

    [Theory]
    // Minutes from now until start and end; what is wrong.
    [InlineData(0, 60, null)]
    [InlineData(-60, 60, null)]
    [InlineData(-60, 0, "The end has passed. Choose a later one.")]
    [InlineData(60, 60, "The end is not after the start. Choose a later end.")]
    [InlineData(0, 90 * 24 * 60, null)]
    [InlineData(0, 90 * 24 * 60 + 1, "That is too long: at most 90 days. Choose an earlier end.")]
    public void CanDelegate_Times_AreAheadInOrderAndNotTooLong(int from, int until, string? message) =>
        Assert.Equal(message, Delegation.CanDelegate(Given.Approver, Deputy, Given.Now.AddMinutes(from), Given.Now.AddMinutes(until), "", [], Given.Now).Message);

    [Fact]
    public void CanDelegate_AnythingElseThatIsWrong_IsSaid()
    {
        Assert.Equal("Nobody stands in for themselves. Choose somebody else.", Delegation.CanDelegate(Given.Approver, Given.Approver.Person, Given.Now, Tomorrow, "", [], Given.Now).Message);
        Assert.Equal("Choose times of whole minutes.", Delegation.CanDelegate(Given.Approver, Deputy, Given.Now.AddSeconds(1), Tomorrow, "", [], Given.Now).Message);
        Assert.StartsWith("The note has 257 characters", Delegation.CanDelegate(Given.Approver, Deputy, Given.Now, Tomorrow, new string('x', 257), [], Given.Now).Message, StringComparison.Ordinal);
        Assert.False(Delegation.CanDelegate(Given.Approver with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/a") }, Deputy, Given.Now, Tomorrow, "", [], Given.Now).IsAllowed);
    }

    [Theory]
    // Hours of another delegation from now; whether it stands against one from 0 to 24.
    [InlineData(-5, 1, true)]
    [InlineData(23, 30, true)]
    [InlineData(2, 3, true)]
    [InlineData(24, 30, false)]
    public void CanDelegate_WhileAnotherStandsIn_IsRefusedByName(int from, int until, bool isRefused)
    {
        Delegation other = Delegation.Make(Given.Approver, Given.Actor("other").Person, Given.Now.AddHours(from), Given.Now.AddHours(until), "", [], Given.Now.AddHours(Math.Min(from, 0)));

        Ruling ruling = Delegation.CanDelegate(Given.Approver, Deputy, Given.Now, Given.Now.AddHours(24), "", [other], Given.Now);

        Assert.Equal(isRefused, !ruling.IsAllowed);
        if (!isRefused) return;
        Assert.Equal(RefusalKind.Conflict, ruling.Kind);
        Assert.StartsWith("Other stands in for you from", ruling.Message, StringComparison.Ordinal);
        other.End(Given.Approver, Given.Now);
        Assert.True(Delegation.CanDelegate(Given.Approver, Deputy, Given.Now, Given.Now.AddHours(24), "", [other], Given.Now).IsAllowed);
    }

    [Fact]
    public void End_ByThoseWhomItConcerns_OnceAndNotWhenItIsOver()
    {
        Delegation delegation = Delegation.Make(Given.Approver, Deputy, Given.Now, Tomorrow, " Holidays ", [], Given.Now);

        Assert.Equal("Holidays", delegation.Note);
        Assert.Equal(RefusalKind.NotFound, delegation.CanEnd(Given.Requester, Given.Now).Kind);
        Assert.Equal(RefusalKind.Conflict, delegation.CanEnd(Given.Approver, Tomorrow).Kind);
        Assert.True(delegation.CanEnd(Given.Actor("deputy"), Given.Now).IsAllowed);
        Assert.True(delegation.CanEnd(Given.Actor("ada") with { Roles = [ApplicationRole.Admin] }, Given.Now).IsAllowed);
        Assert.True(delegation.IsActive(Given.Now));
        Assert.False(delegation.IsActive(Tomorrow));

        delegation.End(Given.Approver, Given.Now.AddHours(1));

        Assert.False(delegation.IsActive(Given.Now.AddHours(2)));
        Assert.Equal("Approver has ended this already.", delegation.CanEnd(Given.Approver, Given.Now.AddHours(2)).Message);
    }

    [Fact]
    public void Make_FromThePast_BeginsNow() =>
        Assert.Equal(Given.Now, Delegation.Make(Given.Approver, Deputy, Given.Now.AddDays(-3), Tomorrow, "", [], Given.Now).From);
}
