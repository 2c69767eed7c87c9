using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Policies;
using JitAccess.Web.Policies.Documents;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Tests.Policies.Documents;

public sealed partial class RoundTripTests
{
    private static readonly CedarEngine Engine = new();

    [Theory]
    [InlineData(DocumentFormat.Yaml)]
    [InlineData(DocumentFormat.Json)]
    public void Document_OfAnySet_ReadsAsTheSameSetAndWritesTheSameBytes(DocumentFormat format) =>
        RandomSets.Any.Sample(policies =>
        {
            string written = PolicyDocument.Write(policies, format);
            DocumentProblems problems = new();
            DocumentNode? root = format == DocumentFormat.Yaml ? YamlTree.Read(written, problems) : JsonTree.Read(written, problems);
            Assert.True(root is not null, $"{string.Join(" ", problems.All)}\n{written}");
            PolicySet read = PolicySetReader.Read(root, new PolicyCheck(PolicySet.Empty, Engine, problems))!;
            Assert.Equal(StoredPolicies.Write(policies), StoredPolicies.Write(read));
            Assert.Equal(written, PolicyDocument.Write(read, format));
            // The random texts break the rules for policies in many ways; of the reader's own words there must be none.
            Assert.DoesNotContain(problems.All, problem => ReadersOwn().IsMatch(problem.Message));
        }, iter: 2000, threads: 1);

    [Fact]
    public void Document_YamlAndJson_SayTheSame() =>
        RandomSets.Any.Sample(policies =>
        {
            DocumentProblems problems = new();
            PolicySet yaml = PolicySetReader.Read(YamlTree.Read(PolicyDocument.Write(policies, DocumentFormat.Yaml), problems)!, new PolicyCheck(PolicySet.Empty, Engine, problems))!;
            PolicySet json = PolicySetReader.Read(JsonTree.Read(PolicyDocument.Write(policies, DocumentFormat.Json), problems)!, new PolicyCheck(PolicySet.Empty, Engine, problems))!;
            Assert.Equal(StoredPolicies.Write(yaml), StoredPolicies.Write(json));
        }, iter: 200, threads: 1);

    [Theory]
    [InlineData(DocumentFormat.Yaml)]
    [InlineData(DocumentFormat.Json)]
    public void Document_OfTheDemo_HasNoProblem(DocumentFormat format)
    {
        PolicyImport import = PolicyImports.Read("", Encoding.UTF8.GetBytes(PolicyDocument.Write(DemoPolicies.PolicySet, format)), null, PolicySet.Empty, Engine);
        Assert.DoesNotContain(import.Problems, problem => !problem.IsWarning);
        Assert.Equal(StoredPolicies.Write(DemoPolicies.PolicySet), StoredPolicies.Write(import.Whole!));
    }

    [Fact]
    public void Document_OfOnePolicyOfEachKind_ReadsLikeThis()
    {
        PolicySet policies = new()
        {
            PublishNeedsSecondAdmin = true,
            DenyAccess = [new DenyAccessPolicy { Id = new Guid("01990000-0000-7000-8000-000000000001"), Name = "No: contractors", Effect = DenyEffect.Refuse, Cedar = "forbid (principal, action, resource)\nwhen {\n  false // never\n};\n" }],
            Manual =
            [
                new ManualPolicy
                {
                    Id = new Guid("01990000-0000-7000-8000-000000000003"), Name = "Production", Description = "Every node that serves customers.", Enabled = false, Order = 7,
                    Target = new NodeTarget { Tags = [new TagPair("env", "prod"), new TagPair("tier", "1")], Accounts = ["111111111111"] },
                    MaximumHours = 4, PendingTimeout = TimeSpan.FromMinutes(90),
                    Levels = [new([new(ApproverKind.Role, "arn:aws:iam::111111111111:role/jit-approver"), new(ApproverKind.Group, "leads")], 2)],
                },
                new ManualPolicy { Id = new Guid("01990000-0000-7000-8000-000000000004"), Name = "Rest", Target = NodeTarget.AllNodes, MaximumHours = 1, Levels = [new([new(ApproverKind.Person, "7")], 1)] },
            ],
        };
        Assert.Equal("""
            $schema: ./policy-set.schema.json
            format: 1
            publishNeedsSecondAdmin: true
            denyAccess:
              - id: 01990000-0000-7000-8000-000000000001
                name: "No: contractors"
                description: ""
                enabled: true
                effect: refuse
                cedar: |
                  forbid (principal, action, resource)
                  when {
                    false // never
                  };
            autoApproval: []
            manual:
              - id: 01990000-0000-7000-8000-000000000003
                name: Production
                description: Every node that serves customers.
                enabled: false
                targets:
                  tags:
                    - key: env
                      value: prod
                    - key: tier
                      value: "1"
                  accounts:
                    - "111111111111"
                maximumHours: 4
                pendingTimeout: 90 minutes
                levels:
                  - requiredApprovals: 2
                    approvers:
                      - role: arn:aws:iam::111111111111:role/jit-approver
                      - group: leads
              - id: 01990000-0000-7000-8000-000000000004
                name: Rest
                description: ""
                enabled: true
                targets: all
                maximumHours: 1
                pendingTimeout: 7 days
                levels:
                  - requiredApprovals: 1
                    approvers:
                      - person: "7"

            """.ReplaceLineEndings("\n"), PolicyDocument.Write(policies, DocumentFormat.Yaml));
    }

    [GeneratedRegex("is no field|must be (text|true|a whole|a list)|needs the field|is no duration|is no effect|is no id|is there twice|targets are empty|exactly one of")]
    private static partial Regex ReadersOwn();
}
