using JitAccess.Domain.People;

namespace JitAccess.Domain.Tests.People;

public sealed class ProvenIdentityTests
{
    [Theory]
    [InlineData("arn:aws:iam::111111111111:role/jit-requester", typeof(ProvenIdentity.Role))]
    [InlineData("arn:aws:iam::111111111111:role/ops/jit-requester", typeof(ProvenIdentity.Role))]
    [InlineData("arn:aws:iam::111111111111:user/alice", typeof(ProvenIdentity.IamUser))]
    [InlineData("arn:aws-cn:iam::111111111111:user/ops/alice", typeof(ProvenIdentity.IamUser))]
    [InlineData("arn:aws:iam::111111111111:root", typeof(ProvenIdentity.AccountRoot))]
    [InlineData("arn:aws:iam::111111111111:rootless", typeof(ProvenIdentity.Unmapped))]
    [InlineData("arn:aws:iam::111111111111:group/leads", typeof(ProvenIdentity.Unmapped))]
    [InlineData("arn:aws:iam::111111111111:role/", typeof(ProvenIdentity.Unmapped))]
    [InlineData("arn:aws:sts::111111111111:assumed-role/jit-requester/alice", typeof(ProvenIdentity.Unmapped))]
    [InlineData("arn:aws:iam:eu-west-1:111111111111:user/alice", typeof(ProvenIdentity.Unmapped))]
    [InlineData("jit-requester", typeof(ProvenIdentity.Unmapped))]
    [InlineData("", typeof(ProvenIdentity.Unmapped))]
    public void FromArn_OfAText_IsTheIdentityItNames(string arn, Type expected)
    {
        ProvenIdentity identity = ProvenIdentity.FromArn(arn);

        Assert.IsType(expected, identity);
        Assert.Equal(expected == typeof(ProvenIdentity.Role), (Given.Requester with { Identity = identity }).CanAct().IsAllowed);
    }

    [Fact]
    public void IamUser_WithAPath_IsCalledByItsName() =>
        Assert.Equal("alice", Assert.IsType<ProvenIdentity.IamUser>(ProvenIdentity.FromArn("arn:aws:iam::111111111111:user/ops/alice")).Name);
}
