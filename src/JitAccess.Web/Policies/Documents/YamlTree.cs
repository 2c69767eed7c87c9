using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Reads YAML into nodes. What makes YAML surprising is refused: anchors and aliases, tags, several documents in one file, keys that are no text.</summary>
internal sealed class YamlTree
{
    private readonly Parser _parser;
    private readonly string[] _lines;
    private readonly DocumentProblems _problems;

    private YamlTree(string text, DocumentProblems problems)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _lines = text.Split('\n');
        _problems = problems;
    }

    /// <summary>The root; null if there is none or the text is no YAML, which is among the problems then.</summary>
    public static DocumentNode? Read(string text, DocumentProblems problems)
    {
        YamlTree tree = new(text, problems);
        try
        {
            return tree.Read();
        }
        catch (YamlException exception)
        {
            problems.Add((int)Math.Max(1, exception.Start.Line), (int)Math.Max(1, exception.Start.Column), $"This is no YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException or NullReferenceException)
        {
            // The scanner's own slips on text that is no YAML; it does not say where.
            Mark at = tree._parser.Current?.End ?? Mark.Empty;
            problems.Add(Line(at), Column(at), "This is no YAML from about here on: a bracket or a quote is open, or a line is not set in as the ones before it.");
        }
        return null;
    }

    private DocumentNode? Read()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _problems.Add(1, 1, "The document is empty.");
            return null;
        }
        DocumentNode? root = Node(1);
        if (root is null) return null;
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second)) _problems.Add(Line(second.Start), Column(second.Start), "A second document begins here. Put one document into a file.");
        return root;
    }

    private DocumentNode? Node(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Refuse(alias.Start, $"Aliases (*{alias.Value}) are not taken. Write the value out.");
        NodeEvent start = _parser.Consume<NodeEvent>();
        if (!start.Anchor.IsEmpty) return Refuse(start.Start, $"Anchors (&{start.Anchor}) are not taken. Write the value out where it is needed.");
        if (!start.Tag.IsEmpty) return Refuse(start.Start, $"Tags ({start.Tag}) are not taken. Remove it.");
        if (depth > DocumentNode.MaximumDepth) return Refuse(start.Start, $"The document is nested more than {DocumentNode.MaximumDepth} deep.");
        return start switch
        {
            YamlScalar scalar => Scalar(scalar),
            SequenceStart => List(start, depth),
            MappingStart => Fields(start, depth),
            _ => throw new YamlException(start.Start, start.End, "Unexpected."),
        };
    }

    private ScalarNode Scalar(YamlScalar scalar)
    {
        (int, int)? block = null;
        if (scalar.Style is ScalarStyle.Literal)
        {
            // The text begins on the line below; how far it is set in, its first line with text tells.
            string? first = _lines.Skip(Line(scalar.Start)).FirstOrDefault(line => line.Trim().Length > 0);
            int indent = first is null ? 0 : first.Length - first.TrimStart(' ').Length;
            block = (Line(scalar.Start) + 1, indent + 1);
        }
        return new ScalarNode(Line(scalar.Start), Column(scalar.Start), scalar.Value, scalar.Style is not ScalarStyle.Plain) { Block = block };
    }

    private ListNode? List(NodeEvent start, int depth)
    {
        List<DocumentNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (Node(depth + 1) is not { } item) return null;
            items.Add(item);
        }
        return new ListNode(Line(start.Start), Column(start.Start), items);
    }

    private FieldsNode? Fields(NodeEvent start, int depth)
    {
        List<(ScalarNode, DocumentNode)> fields = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(depth + 1) is not { } key || Node(depth + 1) is not { } value) return null;
            if (key is ScalarNode name) fields.Add((name, value));
            else _problems.Add(key, "The name of a field is text, not a list or further fields.");
        }
        return new FieldsNode(Line(start.Start), Column(start.Start), fields);
    }

    // Nothing is understood behind it, so reading ends.
    private DocumentNode? Refuse(Mark at, string message)
    {
        _problems.Add(Line(at), Column(at), message);
        return null;
    }

    private static int Line(Mark mark) => (int)mark.Line;

    private static int Column(Mark mark) => (int)mark.Column;
}
