using System.Diagnostics.CodeAnalysis;

namespace JitAccess.Domain.Nodes;

/// <summary>An AWS account: exactly twelve digits.</summary>
public readonly record struct AccountId
{
    private AccountId(string value) => Value = value;

    /// <summary>The twelve digits.</summary>
    public string Value { get; }

    /// <summary>Reads an account id.</summary>
    /// <exception cref="FormatException">The text is not twelve digits.</exception>
    public static AccountId Parse(string text) =>
        TryParse(text, out AccountId id) ? id : throw new FormatException($"“{text}” is not an AWS account id: twelve digits.");

    /// <summary>Reads an account id, or answers false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId id)
    {
        bool valid = text is { Length: 12 } && text.All(char.IsAsciiDigit);
        id = valid ? new AccountId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
