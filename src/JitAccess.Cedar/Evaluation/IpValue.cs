using System.Globalization;
using System.Net;

namespace JitAccess.Cedar.Evaluation;

/// <summary>An <c>ipaddr</c>: an IPv4 or IPv6 address, or a range of them.</summary>
internal sealed record IpValue
{
    private readonly UInt128 _address;
    private readonly int _prefix;

    private IpValue(UInt128 address, int prefix, bool isV4)
    {
        _address = address;
        _prefix = prefix;
        IsV4 = isV4;
    }

    public bool IsV4 { get; }

    public bool IsLoopback => IsV4 ? _address >> 24 == 127 && _prefix >= 8 : _address == 1 && _prefix == 128;

    public bool IsMulticast => IsV4 ? _address >> 28 == 0xE && _prefix >= 4 : _address >> 120 == 0xFF && _prefix >= 8;

    private int Width => IsV4 ? 32 : 128;

    private UInt128 HostMask => _prefix == Width ? UInt128.Zero : UInt128.MaxValue >> (128 - Width + _prefix);

    /// <summary>Reads an address or <c>address/prefix</c> as Cedar does: no IPv4 inside IPv6, no zones, no leading zeros in IPv4 or in the prefix.</summary>
    public static IpValue? TryParse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        var v4 = TryParseV4(address);
        var v6 = v4 is null ? TryParseV6(address) : null;
        if ((v4 ?? v6) is not { } bits)
            return null;

        var width = v4 is null ? 128 : 32;
        var prefix = slash < 0 ? width : TryParsePrefix(text.AsSpan(slash + 1), width);
        return prefix is { } length ? new IpValue(bits, length, v4 is not null) : null;
    }

    public bool IsInRange(IpValue range) =>
        IsV4 == range.IsV4
        && (range._address & ~range.HostMask) <= (_address & ~HostMask)
        && (_address | HostMask) <= (range._address | range.HostMask);

    public override string ToString()
    {
        var bytes = new byte[16];
        for (var index = 0; index < 16; index++)
            bytes[index] = (byte)(_address >> (8 * (15 - index)));
        // The framework would write some IPv6 addresses with an IPv4 address inside, which Cedar does not read.
        var address = IsV4
            ? new IPAddress(bytes.AsSpan(12)).ToString()
            : string.Join(':', Enumerable.Range(0, 8).Select(index => ((bytes[2 * index] << 8) | bytes[(2 * index) + 1]).ToString("x", CultureInfo.InvariantCulture)));
        return _prefix == Width ? address : string.Create(CultureInfo.InvariantCulture, $"{address}/{_prefix}");
    }

    private static UInt128? TryParseV4(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 4)
            return null;
        UInt128 address = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 3 || !part.All(char.IsAsciiDigit) || part is ['0', _, ..])
                return null;
            var number = int.Parse(part, CultureInfo.InvariantCulture);
            if (number > 255)
                return null;
            address = (address << 8) | (uint)number;
        }
        return address;
    }

    private static UInt128? TryParseV6(string text)
    {
        var gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
            return TryParseGroups(text) is { Count: 8 } all ? Join(all) : null;
        var before = gap == 0 ? [] : TryParseGroups(text[..gap]);
        var after = gap + 2 == text.Length ? [] : TryParseGroups(text[(gap + 2)..]);
        return before is not null && after is not null && before.Count + after.Count < 8
            ? Join([.. before, .. Enumerable.Repeat((ushort)0, 8 - before.Count - after.Count), .. after])
            : null;
    }

    private static List<ushort>? TryParseGroups(string text)
    {
        var groups = new List<ushort>();
        foreach (var part in text.Split(':'))
        {
            if (part.Length is 0 or > 4 || !part.All(char.IsAsciiHexDigit))
                return null;
            groups.Add(ushort.Parse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }
        return groups;
    }

    private static UInt128 Join(IEnumerable<ushort> groups) => groups.Aggregate(UInt128.Zero, (address, group) => (address << 16) | group);

    private static int? TryParsePrefix(ReadOnlySpan<char> text, int width)
    {
        var isNumber = text.Length > 0 && text.Length <= (width == 32 ? 2 : 3) && !text.ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0');
        return isNumber && int.Parse(text, CultureInfo.InvariantCulture) is var prefix && prefix <= width ? prefix : null;
    }
}
