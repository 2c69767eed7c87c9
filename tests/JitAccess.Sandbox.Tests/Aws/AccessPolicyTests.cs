using JitAccess.Sandbox.Aws;

namespace JitAccess.Sandbox.Tests.Aws;

public sealed class AccessPolicyTests
{
    private static readonly AwsCaller Caller = new()
    {
        AccessKeyId = "ASIA",
        AccountId = "111111111111",
        Arn = "arn:aws:sts::111111111111:assumed-role/role/requester",
        UserId = "AROA1:requester",
    };

    [Theory]
    [InlineData("ssm:StartSession", "arn:node/1", true)]
    [InlineData("SSM:startsession", "arn:node/1", true)]
    [InlineData("ssm:StartSession", "ARN:node/1", false)]
    [InlineData("ssm:StartSession", "arn:node/12", false)]
    [InlineData("ssm:TerminateSession", "arn:node/1", false)]
    [InlineData("ssm:DescribeSessions", "anything", true)]
    [InlineData("ssm:ResumeSession", "arn:session/requester-0a", true)]
    [InlineData("ssm:ResumeSession", "arn:session/other-0a", false)]
    [InlineData("ssm:DescribeSecret", "anything", false)]
    public void Allows_StatementsWithWildcards_JudgesActionAndResource(string action, string resource, bool allowed)
    {
        AccessPolicy policy = AccessPolicy.Parse("""
            {
              "Version": "2012-10-17",
              "Statement": [
                { "Effect": "Allow", "Action": "ssm:StartSession", "Resource": "arn:node/?" },
                { "Effect": "Allow", "Action": ["ssm:Resume*", "ssm:Get*"], "Resource": ["arn:session/${aws:username}-*"] },
                { "Effect": "Allow", "Action": "ssm:Describe*", "Resource": "*" },
                { "Effect": "Deny", "Action": "ssm:*Secret", "Resource": "*" }
              ]
            }
            """);

        Assert.Equal(allowed, policy.Allows(action, resource, Caller));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}""")]
    public void Parse_WhatItCannotJudge_IsRefused(string json) =>
        Assert.Equal("MalformedPolicyDocument", Assert.Throws<AwsError>(() => AccessPolicy.Parse(json)).Code);
}
