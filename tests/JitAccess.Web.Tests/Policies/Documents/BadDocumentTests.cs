using System.Text;
using CsCheck;
using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Web.Policies.Documents;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Tests.Policies.Documents;

public sealed class BadDocumentTests
{
    private const string Head = "format: 1\npublishNeedsSecondAdmin: false\n";

    private static readonly CedarEngine Engine = new();

    [Fact]
    public void Read_EverythingWrong_IsListedWithItsPlace()
    {
        PolicyImport import = Read("""
            format: 2
            publishNeedsSecondAdmin: "no"
            colour: green
            denyAccess:
              - name: One
                effect: maybe
                cedar: |
                  forbid (principal, action, resource)
                  when { resource.getTag("env" == "prod" };
            autoApproval: {}
            manual:
              - name: one
                id: 7
                targets:
                  tags: []
                maximumHours: eight
                pendingTimeout: a week
                levels:
                  - requiredApprovals: 0
                    approvers:
                      - role: a
                        group: b
                      - crowd: c
                maximumHours: 8
              - nothing
            """);

        Assert.False(import.IsUsable);
        (int, int, string)[] expected =
        [
            (1, 9, "This is format 2"),
            (2, 26, "“publishNeedsSecondAdmin” must be true or false"),
            (3, 1, "“colour” is no field of a policy document. Its fields are $schema, format, publishNeedsSecondAdmin, denyAccess, autoApproval, manual."),
            (6, 13, "“maybe” is no effect."),
            (9, 46, ""),
            (10, 15, "“autoApproval” must be a list."),
            (12, 11, "Another policy is named “one”, in line 5."),
            (13, 9, "“id” must be text, and 7 is not. Put it in quotes"),
            (15, 13, "“tags” is empty."),
            (16, 19, "“maximumHours” must be a whole number"),
            (17, 21, "“a week” is no duration."),
            (19, 7, "Level 1 needs 1 to 5 approvals."),
            (21, 13, "An approver is exactly one of person, group and role."),
            (23, 13, "“crowd” is no field of an approver. Its fields are person, group, role."),
            (24, 5, "“maximumHours” is there twice, first in line 16."),
            (25, 5, "Here must be a manual policy, with fields."),
        ];
        DocumentProblem[] errors = [.. import.Problems.Where(problem => !problem.IsWarning)];
        Assert.Equal(expected.Select(one => (one.Item1, one.Item2)), errors.Select(problem => (problem.Line, problem.Column)));
        Assert.All(expected.Zip(errors), pair => Assert.StartsWith(pair.First.Item3, pair.Second.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 1, 1, "The document is empty.")]
    [InlineData("   \n# only this\n", 1, 1, "The document is empty.")]
    [InlineData("a: [1, 2\nb: 3", 1, 6, "This is no YAML")]
    [InlineData("a: 'open", 1, 4, "This is no YAML: ")]
    [InlineData("just text", 1, 1, "Here must be a policy document, with fields.")]
    [InlineData("- a\n- b", 1, 1, "Here must be a policy document, with fields.")]
    [InlineData("a: &x 1\nb: *x", 1, 4, "Anchors (&x) are not taken.")]
    [InlineData("format: 1\nmanual: *x", 2, 9, "Aliases (*x) are not taken.")]
    [InlineData("format: !!int 1", 1, 9, "Tags (tag:yaml.org,2002:int) are not taken.")]
    [InlineData("? [a, b]\n: c", 1, 3, "The name of a field is text")]
    [InlineData("format: 1\n---\nformat: 1", 2, 1, "A second document begins here.")]
    [InlineData("{\"format\": 1,}", 1, 14, "This is no JSON: ")]
    [InlineData("{\"format\": 1}\n{}", 2, 1, "This is no JSON: ")]
    [InlineData("{\"format\": 1,\n \"format\": 2}", 2, 2, "“format” is there twice, first in line 1.")]
    [InlineData("{\"format\": \"\\ud800\"}", 1, 12, "The text holds half a character")]
    public void Read_WhatIsNoDocument_IsTold(string text, int line, int column, string message)
    {
        DocumentProblem problem = Assert.Single(Read(text).Problems, problem => problem.Message.StartsWith(message, StringComparison.Ordinal));
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.False(Read(text).IsUsable);
    }

    [Theory]
    [InlineData("{}", 11, 19, "The rules for sessions are empty.")]
    [InlineData("strict", 11, 19, "Here must be the rules for sessions, with fields.")]
    [InlineData("{ idleTimeout: soon }", 11, 34, "“soon” is no duration. Write a number and a unit: 15 minutes, 1 hour.")]
    [InlineData("{ idleTimeout: 90 seconds }", 11, 19, "The idle time-out is 1 to 1440 whole minutes; this is 1 min 30 s.")]
    [InlineData("{ idleTimeout: 2 days }", 11, 19, "The idle time-out is 1 to 1440 whole minutes; this is 2 days.")]
    [InlineData("{ recordingDays: 3651 }", 11, 19, "Recordings are kept for 1 to 3650 days; this is 3651 days.")]
    [InlineData("{ recordingDays: 1.5 }", 11, 36, "“recordingDays” must be a whole number, without quotes.")]
    [InlineData("{ needsObserver: \"true\" }", 11, 36, "“needsObserver” must be true or false, without quotes.")]
    [InlineData("{ allowsCredentials: yes }", 11, 40, "“allowsCredentials” must be true or false, without quotes.")]
    [InlineData("{ watched: true }", 11, 21, "“watched” is no field of the rules for sessions. Its fields are idleTimeout, needsObserver, tellsWhenWatched, recordingDays, allowsCredentials.")]
    public void Read_SessionRulesThatAreNone_AreToldWithTheirPlace(string rules, int line, int column, string message)
    {
        PolicyImport import = Read($"{Head}denyAccess: []\nautoApproval: []\nmanual:\n  - name: M\n    targets: all\n    maximumHours: 1\n    pendingTimeout: 1 day\n    enabled: true\n    sessionRules: {rules}\n    levels: [{{ requiredApprovals: 1, approvers: [{{ person: ann }}, {{ person: bob }}] }}]\n");
        DocumentProblem problem = Assert.Single(import.Problems, problem => !problem.IsWarning);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.False(import.IsUsable);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Read_NestedTooDeep_IsRefusedAtOnce(char open, char close)
    {
        foreach (int depth in new[] { 40, 20_000 })
        {
            string nested = open == '[' ? new string(open, depth) + new string(close, depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string(close, depth);
            Assert.False(Read(nested).IsUsable);
            Assert.False(Read("a: " + nested).IsUsable);
            Assert.Null(Read(nested).Whole);
        }
    }

    [Fact]
    public void Read_TooLarge_IsRefused()
    {
        PolicyImport import = PolicyImports.Read("large.yaml", new byte[PolicyImports.MaximumBytes + 1], null, PolicySet.Empty, Engine);
        Assert.Equal((1, 1, "The document has 2097153 bytes; at most 2097152 are read."), (import.Problems[0].Line, import.Problems[0].Column, import.Problems[0].Message));
    }

    [Fact]
    public void Read_NoUtf8_IsToldWhere()
    {
        PolicyImport import = PolicyImports.Read("latin.yaml", [.. "format: 1\nname: Pr"u8, 0xFC, .. "fung"u8], null, PolicySet.Empty, Engine);
        Assert.Equal((2, 9, "The document is no UTF-8 from here on. Save it as UTF-8."), (import.Problems[0].Line, import.Problems[0].Column, import.Problems[0].Message));
    }

    [Fact]
    public void Read_AByteOrderMark_IsSkipped() =>
        Assert.Empty(PolicyImports.Read("", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Head + "denyAccess: []\nautoApproval: []\nmanual: []\n")], null, PolicySet.Empty, Engine).Problems);

    [Fact]
    public void Read_WithoutAList_IsRefused_SoThatNoKindIsDeletedByOmission()
    {
        PolicyImport import = Read(Head + "denyAccess: []\nautoApproval: []\n");
        Assert.Equal("A policy document needs the field “manual”.", Assert.Single(import.Problems).Message);
    }

    [Fact]
    public void Read_PoliciesWithoutIds_KeepThoseOfTheirKindAndName()
    {
        Guid known = Guid.CreateVersion7(), other = Guid.CreateVersion7();
        PolicySet existing = new()
        {
            AutoApproval = [new AutoApprovalPolicy { Id = known, Name = "Dev", Cedar = "" }],
            DenyAccess = [new DenyAccessPolicy { Id = other, Name = "Prod", Cedar = "" }],
        };
        PolicyImport import = Read(Head + """
            denyAccess: []
            autoApproval:
              - name: Dev
                cedar: permit (principal, action, resource);
              - name: Prod
                cedar: permit (principal, action, resource);
            manual: []
            """, existing);
        Assert.True(import.IsUsable, string.Join("\n", import.Problems));
        Assert.Equal(known, import.Whole!.AutoApproval[0].Id);
        Assert.NotEqual(other, import.Whole.AutoApproval[1].Id);
        Assert.Equal([1, 2], import.Whole.AutoApproval.Select(policy => policy.Order));
    }

    [Theory]
    [InlineData("7 days", 7 * 24 * 60)]
    [InlineData("1 day", 24 * 60)]
    [InlineData("36 hours", 36 * 60)]
    [InlineData("90 minutes", 90)]
    [InlineData("0.5 days", 12 * 60)]
    public void Duration_IsANumberAndAUnit(string text, int minutes)
    {
        Assert.True(DurationText.TryRead(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMinutes(minutes), duration);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("7d")]
    [InlineData("P7D")]
    [InlineData("7 weeks")]
    [InlineData("999999999999999 days")]
    [InlineData("7 days 2 hours")]
    [InlineData("7 days\n")]
    public void Duration_AnythingElse_IsNone(string text) => Assert.False(DurationText.TryRead(text, out _));

    [Fact]
    public void Read_DamagedDocuments_NeverThrows() =>
        Gen.Select(RandomSets.Any, Gen.Enum<DocumentFormat>(), Gen.Select(Gen.Double.Unit, Gen.Int[0, 40], Gen.Int[0, Damage.Length - 1]).Array[1, 3]).Sample((policies, format, damages) =>
        {
            string text = PolicyDocument.Write(policies, format);
            foreach ((double at, int cut, int piece) in damages)
            {
                int start = (int)(at * text.Length);
                text = text.Remove(start, Math.Min(cut, text.Length - start)).Insert(start, Damage[piece]);
            }
            DocumentProblems problems = new();
            DocumentNode? root = format == DocumentFormat.Yaml ? YamlTree.Read(text, problems) : JsonTree.Read(text, problems);
            if (root is null) Assert.True(problems.Any);
            else PolicySetReader.Read(root, new PolicyCheck(PolicySet.Empty, Engine, problems));
            Assert.All(problems.All, problem => Assert.True(problem is { Line: >= 1, Column: >= 1 }));
        }, iter: 2000, threads: 1);

    private static readonly string[] Damage = ["", "\n", ":", "- ", "[", "{", "}", "]", "\"", "'", "|", "&a ", "*a ", "!b ", "#", "\t", "? ", "\\", "%", "...\n", "---\n", "\0", "\u2028", "null", "7"];

    private static PolicyImport Read(string text, PolicySet? existing = null) => PolicyImports.Read("", Encoding.UTF8.GetBytes(text), null, existing ?? PolicySet.Empty, Engine);
}
