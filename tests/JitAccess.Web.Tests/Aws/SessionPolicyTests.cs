using System.Text.Json;
using System.Text.Json.Nodes;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Web.Aws;

namespace JitAccess.Web.Tests.Aws;

public class SessionPolicyTests
{
    private static readonly AwsPlace Tokyo = new(AccountId.Parse("111111111111"), "ap-northeast-1");

    [Fact]
    public void SessionPolicy_OfAnInstance_AllowsThatNodeThatDocumentAndThePersonsSessionsOnly()
    {
        AwsArns arns = new(RoleArn.Parse("arn:aws:iam::111111111111:role/JitAccess-AccessRole"), Tokyo);

        string policy = SessionPolicy.For(arns, InstanceId.Parse("i-0a1b2c3d4e5f60718"), "SSM-SessionManagerRunShell", "requester");

        const string expected = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "ssm:StartSession",
                  "Resource": [
                    "arn:aws:ec2:ap-northeast-1:111111111111:instance/i-0a1b2c3d4e5f60718",
                    "arn:aws:ssm:ap-northeast-1:111111111111:document/SSM-SessionManagerRunShell"
                  ],
                  "Condition": { "BoolIfExists": { "ssm:SessionDocumentAccessCheck": "true" } }
                },
                {
                  "Effect": "Allow",
                  "Action": ["ssm:ResumeSession", "ssm:TerminateSession"],
                  "Resource": "arn:aws:ssm:ap-northeast-1:111111111111:session/requester-*"
                }
              ]
            }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(policy)), policy);
    }

    [Fact]
    public void SessionPolicy_DocumentNameWithQuotes_StaysInsideItsText()
    {
        AwsArns arns = new(RoleArn.Parse("arn:aws:iam::111111111111:role/JitAccess-AccessRole"), Tokyo);

        string policy = SessionPolicy.For(arns, InstanceId.Parse("i-0a1b2c3d"), "x\", \"*", "requester");

        using JsonDocument parsed = JsonDocument.Parse(policy);
        Assert.Equal(2, parsed.RootElement.GetProperty("Statement")[0].GetProperty("Resource").GetArrayLength());
    }

    [Theory]
    [InlineData("arn:aws:iam::111111111111:role/r", "mi-0f1e2d3c4b5a69788", "arn:aws:ssm:ap-northeast-1:111111111111:managed-instance/mi-0f1e2d3c4b5a69788")]
    [InlineData("arn:aws-cn:iam::111111111111:role/r", "i-0a1b2c3d", "arn:aws-cn:ec2:ap-northeast-1:111111111111:instance/i-0a1b2c3d")]
    [InlineData("arn:aws-us-gov:iam::111111111111:role/ops/r", "i-0a1b2c3d", "arn:aws-us-gov:ec2:ap-northeast-1:111111111111:instance/i-0a1b2c3d")]
    public void AwsArns_Node_FollowsPartitionAndKind(string role, string node, string arn) =>
        Assert.Equal(arn, new AwsArns(RoleArn.Parse(role), Tokyo).Node(InstanceId.Parse(node)));

    [Fact]
    public void AwsArns_DocumentOfAwsItself_HasNoAccount() => Assert.Equal(
        "arn:aws:ssm:ap-northeast-1::document/AWS-StartInteractiveCommand",
        new AwsArns(RoleArn.Parse("arn:aws:iam::111111111111:role/r"), Tokyo).Document("AWS-StartInteractiveCommand"));
}
