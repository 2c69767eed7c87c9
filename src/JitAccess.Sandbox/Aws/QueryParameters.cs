using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace JitAccess.Sandbox.Aws;

/// <summary>The form of a request in AWS's query protocol; lists are numbered: <c>Filter.1.Value.2</c>.</summary>
internal sealed class QueryParameters
{
    private readonly Dictionary<string, string> values;

    private QueryParameters(Dictionary<string, string> values) => this.values = values;

    public IReadOnlyDictionary<string, string> All => values;

    public string? this[string name] => values.GetValueOrDefault(name);

    public static QueryParameters Parse(ReadOnlyMemory<byte> body) => new(
        QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));

    public string Required(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value
        ? value
        : throw new AwsError("MissingParameter", $"The request must contain the parameter {name}");

    public int? Number(string name) => !values.TryGetValue(name, out string? text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new AwsError("InvalidParameterValue", $"Value ({text}) for parameter {name} is invalid.");

    /// <summary>name.1, name.2, … up to the first that is not there.</summary>
    public IReadOnlyList<string> List(string name)
    {
        List<string> items = [];
        while (values.TryGetValue($"{name}.{items.Count + 1}", out string? item))
            items.Add(item);
        return items;
    }

    /// <summary>EC2's filters: all must hold, each by any of its values.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Filters()
    {
        List<(string, IReadOnlyList<string>)> filters = [];
        while (values.TryGetValue($"Filter.{filters.Count + 1}.Name", out string? name))
            filters.Add((name, List($"Filter.{filters.Count + 1}.Value")));
        return filters;
    }
}
