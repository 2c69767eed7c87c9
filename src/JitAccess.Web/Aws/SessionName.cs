using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace JitAccess.Web.Aws;

/// <summary>The STS session name of a person: what CloudTrail and Systems Manager show as the one who acts.</summary>
/// <remarks>Grammar: STS API reference, <c>AssumeRole.RoleSessionName</c>.</remarks>
internal static partial class SessionName
{
    private const int Longest = 64;
    private const int HashDigits = 16;

    /// <summary>
    /// The person's subject if AWS takes it; otherwise as much of it as AWS takes, ending in <c>=</c> and a hash of the whole,
    /// so that two persons never share a name.
    /// </summary>
    public static string Of(string person)
    {
        ArgumentException.ThrowIfNullOrEmpty(person);
        // A subject that looks as if it had been hashed is hashed too: nobody can choose to be called like somebody else's hash.
        if (Grammar().IsMatch(person) && !Hashed().IsMatch(person)) return person;
        string fit = Unfit().Replace(person, "-");
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person)))[..HashDigits];
        return $"{fit[..Math.Min(fit.Length, Longest - HashDigits - 1)]}={hash}";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@-]{2,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"=[0-9a-f]{16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hashed();

    [GeneratedRegex(@"[^A-Za-z0-9_+=,.@-]", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();
}
