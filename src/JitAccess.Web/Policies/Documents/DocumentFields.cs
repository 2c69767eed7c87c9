using System.Globalization;
using System.Text.RegularExpressions;

namespace JitAccess.Web.Policies.Documents;

/// <summary>The fields of one part of a document, read strictly: every field that is wrong, missing or unknown becomes a problem.</summary>
internal sealed partial class DocumentFields
{
    private readonly DocumentNode _node;
    private readonly string _what;
    private readonly DocumentProblems _problems;
    private readonly Dictionary<string, (ScalarNode Key, DocumentNode Value)> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    /// <param name="node">The part.</param>
    /// <param name="what">What it is, in words: <c>a manual policy</c>.</param>
    /// <param name="problems">Where problems go.</param>
    public DocumentFields(DocumentNode node, string what, DocumentProblems problems)
    {
        (_node, _what, _problems) = (node, what, problems);
        if (node is not FieldsNode fields)
        {
            problems.Add(node, $"Here must be {what}, with fields.");
            return;
        }
        foreach ((ScalarNode key, DocumentNode value) in fields.Fields)
        {
            if (_fields.TryGetValue(key.Text, out var first)) problems.Add(key, $"“{key.Text}” is there twice, first in line {first.Key.Line}. Remove one.");
            else _fields[key.Text] = (key, value);
        }
    }

    /// <summary>Whether these are fields at all.</summary>
    public bool IsReadable => _node is FieldsNode;

    /// <summary>Where a problem of a field is shown: at its value, or at the whole part if it is not there.</summary>
    public DocumentNode At(string name) => _fields.TryGetValue(name, out var field) ? field.Value : _node;

    /// <summary>The field as it is; null if it is not there.</summary>
    public DocumentNode? Node(string name, bool isRequired = false)
    {
        _known.Add(name);
        if (_fields.TryGetValue(name, out var field)) return field.Value;
        if (isRequired && IsReadable) _problems.Add(_node, $"{Capital(_what)} needs the field “{name}”.");
        return null;
    }

    /// <summary>A text; null if it is not there or none.</summary>
    public string? Text(string name, bool isRequired = false) => Node(name, isRequired) is { } node ? TextOf(node, $"“{name}”") : null;

    /// <summary>A text: quoted, or such that nobody can take it for anything else.</summary>
    public string? TextOf(DocumentNode node, string what)
    {
        switch (node)
        {
            case ScalarNode { IsText: true } scalar:
                return scalar.Text;
            case ScalarNode { Text: "" or "~" or "null" }:
                _problems.Add(node, $"{what} is empty. Write a text, or leave the field out.");
                return null;
            case ScalarNode scalar when Number().IsMatch(scalar.Text) || scalar.Text is "true" or "false":
                _problems.Add(node, $"{what} must be text, and {scalar.Text} is not. Put it in quotes: \"{scalar.Text}\".");
                return null;
            case ScalarNode scalar:
                return scalar.Text;
            default:
                _problems.Add(node, $"{what} must be text, not a list or further fields.");
                return null;
        }
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool otherwise, bool isRequired = false)
    {
        if (Node(name, isRequired) is not { } node) return otherwise;
        if (node is ScalarNode { IsText: false, Text: "true" or "false" } scalar) return scalar.Text == "true";
        _problems.Add(node, $"“{name}” must be true or false, without quotes.");
        return otherwise;
    }

    /// <summary>A whole number; null if it is not there or none.</summary>
    public int? WholeNumber(string name, bool isRequired = false)
    {
        if (Node(name, isRequired) is not { } node) return null;
        if (node is ScalarNode { IsText: false } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) return number;
        _problems.Add(node, $"“{name}” must be a whole number, without quotes.");
        return null;
    }

    /// <summary>A list; empty if it is not there or none.</summary>
    public IReadOnlyList<DocumentNode> List(string name, bool isRequired = false)
    {
        if (Node(name, isRequired) is not { } node) return [];
        if (node is ListNode list) return list.Items;
        _problems.Add(node, $"“{name}” must be a list. Write [] for an empty one.");
        return [];
    }

    /// <summary>Reports every field that was not asked for.</summary>
    public void RefuseOthers()
    {
        foreach ((ScalarNode key, _) in _fields.Values.Where(field => !_known.Contains(field.Key.Text)))
            _problems.Add(key, $"“{key.Text}” is no field of {_what}. Its fields are {string.Join(", ", _known)}.");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"^[-+]?(\d[\d_]*(\.\d*)?([eE][-+]?\d+)?|0x[0-9a-fA-F]+|\.\d+|\.inf|\.nan)$")]
    private static partial Regex Number();
}
