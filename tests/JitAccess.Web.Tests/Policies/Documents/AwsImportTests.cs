using System.Text;
using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Web.Policies.Documents;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Tests.Policies.Documents;

public sealed class AwsImportTests
{
    private const string Manual = """
        schemaVersion: '0.3'
        description: Shop servers
        accessDuration: 86400
        accessTokenRole: SSM-JustInTimeAccessTokenRole
        targets:
        - Key: tag:Workload
          Values: [E-commerce, 7]
        - Key: tag:Name
          Values:
          - shop
        mainSteps:
        - name: ManualApproval
          action: aws:approve
          timeoutSeconds: 604800
          inputs:
            Message: Please approve this request
            MinRequiredApprovals: 1
            EnhancedApprovals:
              Approvers:
              - {approver: 1234abcd-12ab-34cd-56ef-1234567890ab, type: SSOGroup}
        - name: Second
          action: aws:approve
          timeoutSeconds: 3600
          inputs:
            Message: And this
            MinRequiredApprovals: 2
            EnhancedApprovals:
              Approvers:
              - approver: arn:aws:iam::111111111111:role/lead
                type: IamRole
              - approver: boss
                type: SSOUser
        """;

    private static readonly CedarEngine Engine = new();

    [Fact]
    public void ManualDocument_BecomesAManualPolicy()
    {
        PolicyImport import = Read("shop.yaml", Manual);

        Assert.True(import.IsUsable, string.Join("\n", import.Problems));
        Assert.Null(import.Whole);
        ManualPolicy policy = Assert.IsType<ManualPolicy>(Assert.Single(import.Added));
        Assert.Equal(("shop", "Shop servers", 24), (policy.Name, policy.Description, policy.MaximumHours));
        Assert.Equal([new TagPair("Workload", "E-commerce"), new TagPair("Workload", "7"), new TagPair("Name", "shop")], policy.Target.Tags);
        Assert.Equal(TimeSpan.FromHours(1), policy.PendingTimeout);
        Assert.Equal(
        [
            new ApprovalLevel([new(ApproverKind.Group, "1234abcd-12ab-34cd-56ef-1234567890ab")], 1),
            new ApprovalLevel([new(ApproverKind.Role, "arn:aws:iam::111111111111:role/lead"), new(ApproverKind.Person, "boss")], 2),
        ], policy.Levels);
        Assert.Contains(import.Problems, problem => problem is { IsWarning: true, Line: 4 } && problem.Message.StartsWith("accessTokenRole is not taken over", StringComparison.Ordinal));
        Assert.Contains(import.Problems, problem => problem is { IsWarning: true } && problem.Message.Contains("1 hour, the shortest of them", StringComparison.Ordinal));
    }

    [Fact]
    public void ManualDocument_AsJson_SaysTheSame()
    {
        PolicyImport import = Read("all.json", """
            {"schemaVersion": "0.3", "description": "", "accessDuration": 3600, "targets": [{"Key": "InstanceIds", "Values": ["*"]}],
             "mainSteps": [{"name": "A", "action": "aws:approve", "inputs": {"EnhancedApprovals": {"Approvers": [{"approver": "g", "type": "SSOGroup"}]}}}]}
            """);
        Assert.True(import.IsUsable, string.Join("\n", import.Problems));
        ManualPolicy policy = Assert.IsType<ManualPolicy>(Assert.Single(import.Added));
        Assert.Equal(("all", NodeTarget.AllNodes, 1, TimeSpan.FromDays(7)), (policy.Name, policy.Target, policy.MaximumHours, policy.PendingTimeout));
    }

    [Fact]
    public void ManualDocument_WhatJitAccessCannotExpress_IsAProblem()
    {
        PolicyImport import = Read("odd.yaml", """
            schemaVersion: '0.4'
            accessDuration: 5000
            targets:
            - Key: resource-groups:Name
              Values: [a]
            mainSteps:
            - name: A
              action: aws:runCommand
              onFailure: Abort
              inputs:
                MinRequiredApprovals: 9
                EnhancedApprovals:
                  Approvers:
                  - {approver: joe, type: IamUser}
            """);
        Assert.Equal([1, 2, 4, 7, 8, 9, 14], import.Problems.Where(problem => !problem.IsWarning).Select(problem => problem.Line).Distinct());
        Assert.False(import.IsUsable);
    }

    [Fact]
    public void AutoDocument_BecomesOnePolicyForEachPart()
    {
        PolicyImport import = Read("auto.yaml", """
            schemaVersion: '0.3'
            accessTokenRole: SSM-JustInTimeAccessTokenRole
            accessDuration: 3600
            AutoApprovalPolicyDocuments:
            - id: dev
              description: Developers on dev
              type: Cedar
              content: |
                permit (principal in AWS::IdentityStore::Group::"dev", action == AWS::SSM::Action::"getTokenForInstanceAccess", resource)
                when { resource.hasTag("env") && resource.getTag("env") == "dev" };
            - id: broken
              type: Cedar
              content: |
                permit (principal, action, resource)
                when { resource.colour == "green" };
            """);
        Assert.Equal(["Developers on dev", "broken"], import.Added.Select(policy => policy.Name));
        Assert.Equal(1, Assert.IsType<AutoApprovalPolicy>(import.Added[0]).MaximumHours);
        Assert.Equal([15], import.Problems.Where(problem => !problem.IsWarning).Select(problem => problem.Line).Distinct());
    }

    [Theory]
    [InlineData("deny.cedar", "// Everybody\nforbid (principal, action, resource);\n", PolicyKind.DenyAccess, "deny")]
    [InlineData("", "permit (principal, action, resource);", PolicyKind.AutoApproval, "Imported auto-approval")]
    [InlineData("", "@id(\"x\")\nforbid(principal, action, resource);", PolicyKind.DenyAccess, "Imported deny-access")]
    public void CedarText_ItsEffectDecidesTheKind(string fileName, string text, PolicyKind kind, string name)
    {
        PolicyImport import = Read(fileName, text);
        Assert.True(import.IsUsable, string.Join("\n", import.Problems));
        Assert.Equal((kind, name), (Assert.Single(import.Added).Kind, import.Added[0].Name));
    }

    [Fact]
    public void CedarText_OfBothKinds_IsAProblem()
    {
        DocumentProblem problem = Assert.Single(Read("both.cedar", "permit (principal, action, resource);\nforbid (principal, action, resource);").Problems);
        Assert.Equal(2, problem.Line);
        Assert.StartsWith("The text has both forbid and permit statements.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CedarText_ThatDoesNotParse_SaysWhere()
    {
        PolicyImport import = Read("bad.cedar", "permit (principal, action, resource)\nwhen { resource.hasTag( };");
        Assert.False(import.IsUsable);
        Assert.Equal(2, import.Problems[0].Line);
    }

    [Fact]
    public void Import_OfASinglePolicy_AddsItOrTakesThePlaceOfItsName()
    {
        PolicyImport import = Read("shop.yaml", Manual);
        PolicySet once = import.ApplyTo(PolicySet.Empty);
        PolicySet twice = Read("shop.yaml", Manual.Replace("86400", "7200", StringComparison.Ordinal), once).ApplyTo(once);
        Assert.Equal((once.Manual[0].Id, 2), (twice.Manual.Single().Id, twice.Manual[0].MaximumHours));
    }

    private static PolicyImport Read(string fileName, string text, PolicySet? existing = null) => PolicyImports.Read(fileName, Encoding.UTF8.GetBytes(text), null, existing ?? PolicySet.Empty, Engine);
}
