using JitAccess.Cedar;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Reads Cedar text as AWS keeps it: only forbid statements make a deny-access policy, only permit statements an auto-approval policy.</summary>
internal static class CedarImport
{
    public static PolicyImport Read(string text, string name, PolicyCheck check)
    {
        // The text is the document: places in the one are places in the other.
        ScalarNode node = new(1, 1, text, IsText: true) { Block = (1, 1) };
        if (Of(text, node, name, "", check) is not { } policy) return new PolicyImport(null, [], []);
        check.Judge(policy, _ => node);
        return new PolicyImport(null, [policy], []);
    }

    /// <summary>The policy that a text makes; null if its statements are of both kinds.</summary>
    public static Policy? Of(string text, ScalarNode node, string name, string description, PolicyCheck check)
    {
        if (EffectOf(text, node, check) is not { } effect) return null;
        PolicyKind kind = effect == Effect.Forbid ? PolicyKind.DenyAccess : PolicyKind.AutoApproval;
        string named = name.Length > 0 ? name : kind == PolicyKind.DenyAccess ? "Imported deny-access" : "Imported auto-approval";
        Guid id = check.IdFor(null, kind, named);
        return kind == PolicyKind.DenyAccess
            ? new DenyAccessPolicy { Id = id, Name = named, Description = description, Cedar = text }
            : new AutoApprovalPolicy { Id = id, Name = named, Description = description, Cedar = text };
    }

    // A text that does not parse goes on: the rules say what is wrong with it, and where.
    private static Effect? EffectOf(string text, ScalarNode node, PolicyCheck check)
    {
        ParseResult parsed;
        try
        {
            parsed = text.Length > PolicyRules.MaximumCedarLength ? new ParseResult([], []) : check.Engine.Parse(text);
        }
        catch (CedarEngineException)
        {
            return Effect.Forbid;
        }
        if (parsed.Statements.Count == 0) return text.Contains("forbid", StringComparison.Ordinal) ? Effect.Forbid : Effect.Permit;
        Effect first = parsed.Statements[0].Effect;
        if (parsed.Statements.FirstOrDefault(statement => statement.Effect != first) is not { } other) return first;
        (int line, int column) = node.Block is { } block ? (block.Line + other.Span.Line - 1, block.Column + other.Span.Column - 1) : (node.Line, node.Column);
        check.Problems.Add(line, column, "The text has both forbid and permit statements. Put the forbid statements into one file (deny-access) and the permit statements into another (auto-approval).");
        return null;
    }
}
