using System.Collections.Immutable;
using CsCheck;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Tests.Policies.Documents;

/// <summary>Policy sets with every text that could upset a file format. They need not be policies that can be published.</summary>
internal static class RandomSets
{
    private static readonly string[] Nasty =
    [
        "", " ", "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na", " a", "a ", " a\nb", "a\n b", "a \nb ", "a\n   \nb", "a\n  ", "  \na", "\ta\n\tb", "a\tb",
        "# no comment", "a # comment", "a: b", "a:", ": a", "key: value # x", "- item", "-", "--- ", "...", "? a", "a\n---\nb", "a\n...\nb", "| a", "> a", "& a", "*a", "!tag a", "%YAML 1.2", "@a", "`a`",
        "true", "False", "null", "~", "yes", "No", "on", "12", "0x1F", "1e3", ".5", "-.inf", "2026-01-01", "12:30:45", "1_000", "012345678901", "=", "<<",
        "[a]", "{a: b}", "a, b", "a,b", "'single'", "\"double\"", "it's", "a\\b", "a\\nb", "C:\\temp\\", "\\", "\"", "'", "“quoted”", "a\r\nb", "a\rb", "\r", "a\r\n", "a\r\n\r\n",
        "Prüfung", "日本語", "😀", "a😀\nb😀", "e\u0301", "\u00A0", "a\u00A0b", "\u0085", "a\u0085b\nc", "a\u2028b\nc", "a\u2029b", "\uFEFFa", "a\uFEFF", "\u202Eevil\u202C", "\u200B", "\u001B[31m", "\u007F", "\u0001", "\uE000", "\uFFFD", "\U0010FFFF", "\U000E0001",
        "forbid (\n    principal,\n    action == AWS::SSM::Action::\"getTokenForInstanceAccess\",\n    resource\n)\nwhen {\n    resource.hasTag(\"env\") // prod # only\n};",
        "permit(principal,action,resource);\r\n\r\npermit (principal, action, resource) when { context.request.reason like \"*\\\"*\" };\r\n",
        "// leading comment\n\npermit (principal, action, resource);\n\n\n", "a\n#b\n: c\n- d\n", "a\n  - b\n c", new string('x', 3000), new string('x', 200) + "\n" + new string('y', 2000),
    ];

    private static readonly string[] Pieces = [" ", "\n", "\t", "a", ":", "#", "-", "\"", "\\", "|", "'", "é", "\r", "😀"];

    private static readonly Gen<string> Text = Gen.Frequency(
        (5, Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index])),
        (2, Gen.Select(Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]), Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]), (one, other) => one + other)),
        (2, Gen.Select(Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]), Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]), Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]), (one, two, three) => one + "\n" + two + "\n" + three)),
        (2, Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).Array[0, 12].Select(string.Concat)));

    private static readonly Gen<Guid> Id = Gen.Guid.Where(id => id != Guid.Empty);

    private static readonly Gen<DenyAccessPolicy> Deny = Gen.Select(Id, Text, Text, Gen.Bool, Gen.Enum<DenyEffect>(), Text, (id, name, description, enabled, effect, cedar) =>
        new DenyAccessPolicy { Id = id, Name = name, Description = description, Enabled = enabled, Effect = effect, Cedar = cedar });

    private static readonly Gen<string?> NoneOrText = Gen.Select(Gen.Bool, Text, (isThere, text) => isThere ? text : null);

    private static readonly Gen<ReasonRule?> Rule = Gen.Select(Gen.Bool, Gen.Int, NoneOrText, NoneOrText, NoneOrText, NoneOrText, (isThere, minimum, pattern, patternHint, ticketPattern, ticketHint) =>
        isThere ? new ReasonRule { MinimumLength = minimum, Pattern = pattern, PatternHint = patternHint, TicketPattern = ticketPattern, TicketHint = ticketHint } : null);

    private static readonly Gen<TimeSpan> Pending = Gen.OneOf(Gen.Int[0, 60].Select(days => TimeSpan.FromDays(days)), Gen.Int[0, 100_000].Select(seconds => TimeSpan.FromSeconds(seconds)), Gen.Long[0, TimeSpan.TicksPerDay].Select(ticks => new TimeSpan(ticks)));

    private static readonly Gen<SessionRules> Sessions = Gen.Select(Gen.Int[0, 1], Pending, Gen.Bool, Gen.Bool, Gen.Select(Gen.Int[0, 1], Gen.Int), Gen.Bool, (idle, timeout, observer, tells, days, credentials) =>
        new SessionRules { IdleTimeout = idle == 0 ? null : timeout, NeedsObserver = observer, TellsWhenWatched = tells, RecordingDays = days.Item1 == 0 ? null : days.Item2, AllowsCredentials = credentials });

    private static readonly Gen<AutoApprovalPolicy> Auto = Gen.Select(Id, Text, Text, Gen.Bool, Gen.Int, Text, Gen.Select(Rule, Sessions), (id, name, description, enabled, hours, cedar, rules) =>
        new AutoApprovalPolicy { Id = id, Name = name, Description = description, Enabled = enabled, MaximumHours = hours, ReasonRule = rules.Item1, SessionRules = rules.Item2, Cedar = cedar });

    private static readonly Gen<ImmutableArray<string>> Texts = Text.Array[0, 3].Select(texts => texts.ToImmutableArray());

    private static readonly Gen<NodeTarget> Target = Gen.Select(Gen.Select(Text, Text, (key, value) => new TagPair(key, value)).Array[0, 3], Texts, Texts, Texts, (tags, accounts, regions, platforms) =>
        new NodeTarget { Tags = [.. tags], Accounts = accounts, Regions = regions, Platforms = platforms });

    private static readonly Gen<ApprovalLevel> Level = Gen.Select(Gen.Select(Gen.Enum<ApproverKind>(), Text, (kind, id) => new Approver(kind, id)).Array[0, 3], Gen.Int, (approvers, required) => new ApprovalLevel([.. approvers], required));

    private static readonly Gen<BreakGlassRule?> Glass = Gen.Select(Gen.Bool, Texts, Gen.Int, (isThere, groups, hours) => isThere ? new BreakGlassRule { Groups = groups, MaximumHours = hours } : null);

    private static readonly Gen<ManualPolicy> Manual = Gen.Select(Gen.Select(Id, Text, Text, Gen.Bool), Target, Gen.Int, Pending, Gen.Select(Rule, Glass, Sessions), Level.Array[0, 3], (details, target, hours, pending, rules, levels) =>
        new ManualPolicy { Id = details.Item1, Name = details.Item2, Description = details.Item3, Enabled = details.Item4, Target = target, MaximumHours = hours, PendingTimeout = pending, ReasonRule = rules.Item1, BreakGlass = rules.Item2, SessionRules = rules.Item3, Levels = [.. levels] });

    /// <summary>Sets whose policies stand in any order, several at the same place.</summary>
    public static readonly Gen<PolicySet> Any = Gen.Select(Gen.Bool, Placed(Deny), Placed(Auto), Placed(Manual), (secondAdmin, deny, auto, manual) =>
        new PolicySet { PublishNeedsSecondAdmin = secondAdmin, DenyAccess = deny, AutoApproval = auto, Manual = manual });

    private static Gen<ImmutableArray<T>> Placed<T>(Gen<T> policy) where T : Policy =>
        Gen.Select(policy, Gen.Int[-2, 3], (one, order) => one with { Order = order }).Array[0, 4].Select(policies => policies.DistinctBy(one => one.Id).ToImmutableArray());
}
