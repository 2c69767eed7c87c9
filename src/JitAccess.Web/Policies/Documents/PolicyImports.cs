using System.Text;
using System.Text.RegularExpressions;
using JitAccess.Cedar;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Reads what can be imported: a policy document in YAML or JSON, AWS's documents of both approval kinds, or Cedar text. Nothing is stored here.</summary>
public static partial class PolicyImports
{
    /// <summary>The largest document, in bytes.</summary>
    public const int MaximumBytes = 2 * 1024 * 1024;

    /// <summary>Takes a document apart.</summary>
    /// <param name="fileName">What it is called; its ending tells Cedar, its name names a policy that brings none. Empty for pasted text.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="name">The name for a single policy; null to take the document's own or the file's.</param>
    /// <param name="existing">The policies that are there: a policy without an id keeps that of the policy of its kind and name.</param>
    /// <param name="engine">Parses and validates Cedar.</param>
    public static PolicyImport Read(string fileName, ReadOnlySpan<byte> content, string? name, PolicySet existing, CedarEngine engine)
    {
        DocumentProblems problems = new();
        PolicyImport import = Text(content, problems) is { } text
            ? Read(fileName, text, name, new PolicyCheck(existing, engine, problems))
            : new PolicyImport(null, [], []);
        return import with { FileName = fileName, Problems = problems.All };
    }

    private static PolicyImport Read(string fileName, string text, string? name, PolicyCheck check)
    {
        string named = name ?? Path.GetFileNameWithoutExtension(fileName);
        if (fileName.EndsWith(".cedar", StringComparison.OrdinalIgnoreCase) || CedarBegin().IsMatch(text)) return CedarImport.Read(text, named, check);
        DocumentNode? root = JsonBegin().IsMatch(text) ? JsonTree.Read(text, check.Problems) : YamlTree.Read(text, check.Problems);
        return root switch
        {
            null => new PolicyImport(null, [], []),
            FieldsNode fields when fields.Fields.Any(field => field.Key.Text == "schemaVersion") => AwsImport.Read(fields, name, named, check),
            _ => new PolicyImport(PolicySetReader.Read(root, check), [], []),
        };
    }

    private static string? Text(ReadOnlySpan<byte> content, DocumentProblems problems)
    {
        if (content.Length > MaximumBytes)
        {
            problems.Add(1, 1, $"The document has {content.Length} bytes; at most {MaximumBytes} are read.");
            return null;
        }
        ReadOnlySpan<byte> bytes = content.StartsWith((byte[])[0xEF, 0xBB, 0xBF]) ? content[3..] : content;
        int bad = FirstInvalid(bytes);
        if (bad >= 0)
        {
            ReadOnlySpan<byte> before = bytes[..bad];
            problems.Add(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1, "The document is no UTF-8 from here on. Save it as UTF-8.");
            return null;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) != System.Buffers.OperationStatus.Done) return at;
            at += length;
        }
        return -1;
    }

    // After comments and blank lines: an annotation or one of the two words that a Cedar policy begins with.
    [GeneratedRegex(@"\A(?:\s|//[^\n]*\n)*(?:@\w+|(?:permit|forbid)\s*\()")]
    private static partial Regex CedarBegin();

    [GeneratedRegex(@"\A\s*[{[]")]
    private static partial Regex JsonBegin();
}
