using System.Globalization;
using System.Text;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="PayloadType.ExitCode"/>: <c>EXIT_CODE: 2</c>.</summary>
public static class ExitCodePayload
{
    private static ReadOnlySpan<byte> Prefix => "EXIT_CODE: "u8;

    /// <summary>The payload as UTF-8.</summary>
    public static byte[] Write(int exitCode) => [.. Prefix, .. Encoding.ASCII.GetBytes(exitCode.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Reads a payload that came from outside; false when it is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int exitCode)
    {
        exitCode = 0;
        return payload.StartsWith(Prefix)
            && int.TryParse(payload[Prefix.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exitCode);
    }
}
