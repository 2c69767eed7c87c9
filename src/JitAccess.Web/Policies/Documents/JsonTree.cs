using System.Text;
using System.Text.Json;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Reads JSON into nodes.</summary>
internal ref struct JsonTree
{
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;

    private JsonTree(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DocumentNode.MaximumDepth });
    }

    /// <summary>The root; null if the text is no JSON, which is among the problems then.</summary>
    public static DocumentNode? Read(string text, DocumentProblems problems)
    {
        JsonTree tree = new(Encoding.UTF8.GetBytes(text));
        try
        {
            tree._reader.Read();
            DocumentNode root = tree.Node();
            // Reads to the end, so that anything behind the document is found.
            tree._reader.Read();
            return root;
        }
        catch (JsonException exception)
        {
            string[] words = exception.Message.Split(" LineNumber:");
            problems.Add((int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1, $"This is no JSON: {words[0]}");
        }
        catch (InvalidOperationException)
        {
            (int line, int column) = tree.Place();
            problems.Add(line, column, "The text holds half a character: an escape for one of two surrogates without the other.");
        }
        return null;
    }

    private DocumentNode Node()
    {
        (int line, int column) = Place();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartArray:
                List<DocumentNode> items = [];
                while (Next() != JsonTokenType.EndArray) items.Add(Node());
                return new ListNode(line, column, items);
            case JsonTokenType.StartObject:
                List<(ScalarNode, DocumentNode)> fields = [];
                while (Next() != JsonTokenType.EndObject)
                {
                    (int keyLine, int keyColumn) = Place();
                    ScalarNode key = new(keyLine, keyColumn, _reader.GetString()!, IsText: true);
                    Next();
                    fields.Add((key, Node()));
                }
                return new FieldsNode(line, column, fields);
            case JsonTokenType.String:
                return new ScalarNode(line, column, _reader.GetString()!, IsText: true);
            default:
                return new ScalarNode(line, column, Encoding.UTF8.GetString(_reader.ValueSpan), IsText: false);
        }
    }

    private JsonTokenType Next()
    {
        _reader.Read();
        return _reader.TokenType;
    }

    private readonly (int Line, int Column) Place()
    {
        ReadOnlySpan<byte> before = _bytes[..(int)_reader.TokenStartIndex];
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}
