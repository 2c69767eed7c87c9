using System.Text;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>What a terminal shows, as text. Bash switches bracketed paste on and off around every command; that is left out.</summary>
internal sealed class Screen
{
    private const string PasteMarksOn = "\e[?2004h";
    private const string PasteMarksOff = "\e[?2004l\r";

    private readonly Lock gate = new();
    private readonly StringBuilder shown = new();

    public void Show(ReadOnlySpan<byte> output)
    {
        lock (gate)
            shown.Append(Encoding.UTF8.GetString(output));
    }

    public override string ToString()
    {
        lock (gate)
            return shown.ToString().Replace(PasteMarksOn, "", StringComparison.Ordinal).Replace(PasteMarksOff, "", StringComparison.Ordinal);
    }
}
