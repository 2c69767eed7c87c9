using System.Globalization;

namespace JitAccess.Sandbox.Aws;

/// <summary>The parameters that StartSession names for a document. Each has one value; names that nobody asks for do not exist.</summary>
internal sealed class DocumentParameters(IReadOnlyDictionary<string, IReadOnlyList<string>>? given)
{
    private readonly HashSet<string> known = [];

    public string Required(string name) => Find(name) ?? throw Invalid($"{name} is missing");

    public string Optional(string name, string otherwise) => Find(name) ?? otherwise;

    public int Port(string name, int? otherwise = null)
    {
        string? text = Find(name);
        if (text is null && otherwise is { } port)
            return port;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= ushort.MaxValue
            ? number
            : throw Invalid($"{name} is not a port");
    }

    public void ThrowIfUnknown()
    {
        if (given?.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw Invalid($"{unknown} is not defined");
    }

    private string? Find(string name)
    {
        known.Add(name);
        if (given is null || !given.TryGetValue(name, out IReadOnlyList<string>? values))
            return null;
        return values is [{ Length: > 0 } value] ? value : throw Invalid($"{name} does not have one value");
    }

    private static AwsError Invalid(string why) => new("InvalidParameters", $"The parameters of the document are not valid: {why}.");
}
