using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using JitAccess.Sandbox.Aws;

namespace JitAccess.Sandbox.Tests.Aws;

public sealed class Ec2Tests(EmulatedCloud cloud) : IClassFixture<EmulatedCloud>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DescribeTags_PageByPage_GivesEachTagOfTheRegionOnce()
    {
        using AmazonEC2Client ec2 = cloud.Ec2(await cloud.AssumeAsync("jitaccess"), DefaultWorld.Ireland);
        List<TagDescription> tags = [];
        int pages = 0;
        string? token = null;
        do
        {
            DescribeTagsResponse page = await ec2.DescribeTagsAsync(
                new DescribeTagsRequest { Filters = [new Filter("resource-type", ["instance"])], MaxResults = 5, NextToken = token }, Cancelled);
            tags.AddRange(page.Tags);
            token = page.NextToken;
            pages++;
        }
        while (token is not null);

        Assert.Equal(2, pages);
        Assert.Equal(8, tags.Count);
        Assert.Equal(
            [("Name", "staging-web-1"), ("access", "auto"), ("data", "restricted"), ("env", "staging")],
            tags.Where(tag => tag.ResourceId == DefaultWorld.StagingWeb).Select(tag => (tag.Key, tag.Value)).Order(TagOrder));
        Assert.All(tags, tag => Assert.Equal(ResourceType.Instance, tag.ResourceType));
    }

    [Fact]
    public async Task DescribeTags_FilteredByResourceAndKey_GivesOnlyThose()
    {
        using AmazonEC2Client ec2 = cloud.Ec2(await cloud.AssumeAsync("jitaccess"));

        DescribeTagsResponse response = await ec2.DescribeTagsAsync(
            new DescribeTagsRequest
            {
                Filters = [new Filter("resource-id", [DefaultWorld.DemoLinux, DefaultWorld.DemoLinux2, DefaultWorld.PaymentsApi]), new Filter("key", ["Name"])],
            },
            Cancelled);

        Assert.Equal(["demo-linux", "demo-linux2"], response.Tags.Select(tag => tag.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DescribeTags_HybridNode_IsNotThere()
    {
        using AmazonEC2Client ec2 = cloud.Ec2(await cloud.AssumeAsync("jitaccess", DefaultWorld.PaymentsAccount));

        DescribeTagsResponse response = await ec2.DescribeTagsAsync(new DescribeTagsRequest(), Cancelled);

        Assert.Equal(
            [DefaultWorld.PaymentsApi, DefaultWorld.PaymentsDatabase],
            response.Tags.Select(tag => tag.ResourceId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DescribeInstances_ByTag_GivesInstanceWithTags()
    {
        using AmazonEC2Client ec2 = cloud.Ec2(cloud.Application);

        DescribeInstancesResponse response = await ec2.DescribeInstancesAsync(
            new DescribeInstancesRequest { Filters = [new Filter("tag:Name", ["demo-linux"])] }, Cancelled);

        Instance instance = Assert.Single(Assert.Single(response.Reservations).Instances);
        Assert.Equal(DefaultWorld.DemoLinux, instance.InstanceId);
        Assert.Equal(InstanceStateName.Running, instance.State.Name);
        Assert.Contains(instance.Tags, tag => tag is { Key: "env", Value: "demo" });
    }

    [Fact]
    public async Task DescribeInstances_UnknownId_IsRefused()
    {
        using AmazonEC2Client ec2 = cloud.Ec2(cloud.Application);

        AmazonServiceException refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [DefaultWorld.PaymentsApi] }, Cancelled));

        Assert.Equal("InvalidInstanceID.NotFound", refusal.ErrorCode);
    }

    private static readonly IComparer<(string, string)> TagOrder =
        Comparer<(string Key, string Value)>.Create((one, other) => string.CompareOrdinal(one.Key, other.Key));
}
