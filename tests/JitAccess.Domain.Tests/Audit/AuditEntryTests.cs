using JitAccess.Domain.Audit;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Tests.Audit;

public sealed class AuditEntryTests
{
    [Theory]
    [InlineData("arn:aws:iam::111111111111:role/jit-requester", "arn:aws:iam::111111111111:role/jit-requester")]
    [InlineData("arn:aws:iam::111111111111:user/alice", "arn:aws:iam::111111111111:user/alice")]
    [InlineData("arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:root")]
    [InlineData("nobody", null)]
    public void AuditEntry_OfAPerson_SaysWhoUnderWhatFromWhere(string identity, string? recorded)
    {
        Actor actor = Given.Requester with { Identity = ProvenIdentity.FromArn(identity), Address = "192.0.2.7" };

        AuditEntry entry = new(actor, AuditAction.RequestRefused, "i-0a1b2c3d4e5f60718", "No.", Given.Now);

        Assert.Equal(("requester", "Requester", recorded, "192.0.2.7"), (entry.Actor, entry.ActorName, entry.ActorIdentity, entry.ActorAddress));
        Assert.Equal((AuditAction.RequestRefused, "i-0a1b2c3d4e5f60718", "No.", Given.Now), (entry.Action, entry.Subject, entry.Why, entry.At));
    }

    [Fact]
    public void AuditEntry_OfTheClock_IsJitAccessItself()
    {
        AuditEntry entry = new(null, AuditAction.GrantExpired, "grant", "Its time was over.", Given.Now);

        Assert.Equal((null, "JitAccess", null, null), (entry.Actor, entry.ActorName, entry.ActorIdentity, entry.ActorAddress));
    }
}
