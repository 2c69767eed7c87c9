using System.Globalization;
using JitAccess.Web.Policies.Documents;

namespace JitAccess.Web.Policies.Commands;

/// <summary>What was asked for on the command line.</summary>
internal sealed record PoliciesArguments(string Verb)
{
    public const string Usage =
        """
        JitAccess.Web policies export [--version N | --draft] [--format yaml|json] [--output FILE]
            Writes the version in force, another version or the draft; to the standard output without --output.

        JitAccess.Web policies check FILE
            Says what is wrong with a document, as file:line:column: message. Needs no database.

        JitAccess.Web policies import FILE [--name NAME] [--replace-draft] [--publish --comment TEXT]
            Writes a document into the draft: a policy set takes the place of what is there; AWS's documents and Cedar text
            add policies, named by --name, their description or the file. With --publish the draft is in force at once.
            A draft that is there already is left alone, unless --replace-draft is said; the audit keeps what it held.

        FILE may be - for the standard input. The database is the one of ConnectionStrings__Database.

        Exit codes: 0 done, 1 the document has problems or a rule refuses, 2 not understood, 3 no database.
        """;

    /// <summary>The document; null where none is taken.</summary>
    public string? File { get; private init; }

    public DocumentFormat Format { get; private init; } = DocumentFormat.Yaml;

    /// <summary>The version to export; null for the one in force, or the draft.</summary>
    public int? Version { get; private init; }

    public bool Draft { get; private init; }

    /// <summary>Where to write to; null for the standard output.</summary>
    public string? Output { get; private init; }

    public string? Name { get; private init; }

    public bool ReplaceDraft { get; private init; }

    public bool Publish { get; private init; }

    public string? Comment { get; private init; }

    /// <summary>The arguments behind <c>policies</c>; null with a message for the person who typed them.</summary>
    public static PoliciesArguments? Parse(string[] arguments, out string message)
    {
        message = Usage;
        if (arguments is not [var verb, .. var rest] || verb is "--help" or "-h") return null;
        PoliciesArguments asked = new(verb);
        for (int index = 0; index < rest.Length; index++)
        {
            string[] parts = rest[index].StartsWith("--", StringComparison.Ordinal) ? rest[index].Split('=', 2) : [rest[index]];
            (PoliciesArguments? next, message) = (verb, parts[0]) switch
            {
                ("export", "--format") => Value() switch
                {
                    "yaml" => (asked with { Format = DocumentFormat.Yaml }, ""),
                    "json" => (asked with { Format = DocumentFormat.Json }, ""),
                    _ => (null, "--format is yaml or json."),
                },
                ("export", "--version") => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? (asked with { Version = number }, "") : (null, "--version is the number of a version."),
                ("export", "--draft") => (asked with { Draft = true }, ""),
                ("export", "--output") => Value() is { Length: > 0 } output ? (asked with { Output = output }, "") : (null, "--output needs a file."),
                ("import", "--name") => Value() is { Length: > 0 } name ? (asked with { Name = name }, "") : (null, "--name needs a name."),
                ("import", "--comment") => Value() is { Length: > 0 } comment ? (asked with { Comment = comment }, "") : (null, "--comment needs a text."),
                ("import", "--publish") => (asked with { Publish = true }, ""),
                ("import", "--replace-draft") => (asked with { ReplaceDraft = true }, ""),
                ("import" or "check", ['-', _, ..]) or ("export", _) => (null, $"There is no {rest[index]} here."),
                _ when asked.File is null => (asked with { File = rest[index] }, ""),
                _ => (null, $"One file at a time: {rest[index]} is too much."),
            };
            if (next is null) return null;
            asked = next;

            string? Value() => parts.Length == 2 ? parts[1] : index + 1 < rest.Length ? rest[++index] : null;
        }
        message = asked switch
        {
            { Verb: not ("export" or "import" or "check") } => $"There is no command policies {verb}: export, import and check are there.",
            { Verb: "import" or "check", File: null } => $"Name the file: policies {verb} FILE.",
            { Version: not null, Draft: true } => "Either --version or --draft.",
            { Publish: true, Comment: null } => "--publish needs --comment: what this version changes, and why.",
            { Publish: false, Comment: not null } => "--comment goes with --publish.",
            _ => "",
        };
        return message.Length == 0 ? asked : null;
    }
}
