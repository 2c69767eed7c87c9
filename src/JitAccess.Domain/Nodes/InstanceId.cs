using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace JitAccess.Domain.Nodes;

/// <summary>The id of a node: an EC2 instance (<c>i-</c> and 8 or 17 hexadecimal digits) or a hybrid node (<c>mi-</c> and 17).</summary>
/// <remarks>Grammar: AWS Systems Manager API reference, <c>InstanceInformation.InstanceId</c>.</remarks>
public readonly partial record struct InstanceId
{
    private InstanceId(string value) => Value = value;

    /// <summary>The id as AWS writes it.</summary>
    public string Value { get; }

    /// <summary>True for a hybrid node, whose tags SSM keeps; false for an EC2 instance, whose tags EC2 keeps.</summary>
    public bool IsHybrid => Value.StartsWith("mi-", StringComparison.Ordinal);

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not an id of a node.</exception>
    public static InstanceId Parse(string text) =>
        TryParse(text, out InstanceId id) ? id : throw new FormatException($"“{text}” is not the id of a node. It looks like i-0a1b2c3d4e5f60718 or mi-0f1e2d3c4b5a69788.");

    /// <summary>Reads an id, or answers false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InstanceId id)
    {
        bool valid = text is not null && Grammar().IsMatch(text);
        id = valid ? new InstanceId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\A(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
