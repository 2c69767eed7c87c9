using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.People;

/// <summary>The ARN of an IAM role, for example <c>arn:aws:iam::111111111111:role/ops/jit-approver</c>.</summary>
/// <remarks>Grammar: IAM user guide, "IAM identifiers".</remarks>
public sealed partial record RoleArn
{
    private RoleArn(string value, AccountId account, string name) => (Value, Account, Name) = (value, account, name);

    /// <summary>The whole ARN.</summary>
    public string Value { get; }

    /// <summary>The account that the role belongs to.</summary>
    public AccountId Account { get; }

    /// <summary>The role's name without its path.</summary>
    public string Name { get; }

    /// <summary>Reads an ARN.</summary>
    /// <exception cref="FormatException">The text is not the ARN of a role.</exception>
    public static RoleArn Parse(string text) =>
        TryParse(text, out RoleArn? arn) ? arn : throw new FormatException($"“{text}” is not the ARN of an IAM role. It looks like arn:aws:iam::111111111111:role/jit-approver.");

    /// <summary>Reads an ARN, or answers false.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RoleArn? arn)
    {
        Match match = Grammar().Match(text ?? "");
        arn = match.Success ? new RoleArn(text!, AccountId.Parse(match.Groups["account"].Value), match.Groups["name"].Value) : null;
        return match.Success;
    }

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:iam::(?<account>\d{12}):role/([\x21-\x7E]+/)?(?<name>[\w+=,.@-]{1,64})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
