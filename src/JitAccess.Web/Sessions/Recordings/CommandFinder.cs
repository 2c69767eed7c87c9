using System.Text;
using JitAccess.Domain.Sessions;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>
/// Finds the lines that somebody entered at a prompt, by their looks: what stands before the cursor when typing begins is a prompt if it ends
/// like one, and what stands behind it when the line ends was entered. What is typed blindly (passwords) is not in the output, and so in no line.
/// Not thread-safe.
/// </summary>
internal sealed class CommandFinder
{
    private const string PromptMarks = "$#%>❯➜»λ";
    private const int MostCredit = 64;

    private readonly TerminalLine _line;
    private readonly Action<string> _onCommand;
    private string? _prompt;
    private string? _lastPrompt;
    private bool _hasTyped;
    private int _entered;

    /// <param name="onCommand">Called with each line entered, without its prompt: not empty, one line, without control characters.</param>
    public CommandFinder(Action<string> onCommand)
    {
        _onCommand = onCommand;
        _line = new TerminalLine { OnLine = LineEnded };
    }

    public void Resize(int columns) => _line.Resize(columns);

    public void Output(ReadOnlySpan<byte> output) => _line.Write(output);

    public void Input(ReadOnlySpan<byte> input)
    {
        if (_line.IsFullScreen) return;
        if (!_hasTyped)
        {
            _hasTyped = true;
            _prompt = PromptIn(_line.BeforeCursor);
        }
        _entered = Math.Min(MostCredit, _entered + input.Count((byte)'\r') + input.Count((byte)'\n'));
    }

    private static string? PromptIn(string text)
    {
        string trimmed = text.TrimEnd();
        return trimmed.Length > 0 && PromptMarks.Contains(trimmed[^1], StringComparison.Ordinal) ? text : null;
    }

    private void LineEnded(string line)
    {
        string? prompt = _prompt;
        (_prompt, _hasTyped) = (null, false);
        if (_entered == 0) return;
        // Typed ahead or pasted, the line was there before its prompt; the prompt of before tells where it begins.
        int begins = prompt is not null && line.StartsWith(prompt, StringComparison.Ordinal) ? prompt.Length : BeginsBehindKnownPrompt(line);
        if (begins < 0) return;
        _entered--;
        _lastPrompt = line[..begins];
        string command = Clean(line[begins..]);
        if (command.Length > 0) _onCommand(command);
    }

    /// <summary>Where the line goes on behind something that looks like the last prompt: the folder in it may be another.</summary>
    private int BeginsBehindKnownPrompt(string line)
    {
        if (_lastPrompt is not { Length: > 0 } last) return -1;
        string trimmed = last.TrimEnd();
        string end = trimmed[^1] + last[trimmed.Length..];
        int sameLength = 0;
        while (sameLength < Math.Min(last.Length, line.Length) && last[sameLength] == line[sameLength]) sameLength++;
        if (sameLength == last.Length) return sameLength;
        int at = line.IndexOf(end, StringComparison.Ordinal);
        // Two prompts of one shell begin alike: with the user, the machine, or the mark itself.
        return at >= 0 && sameLength >= Math.Min(4, trimmed.Length) ? at + end.Length : -1;
    }

    private static string Clean(string text)
    {
        StringBuilder clean = new(Math.Min(text.Length, RecordedCommand.LongestText));
        foreach (Rune rune in text.Trim().EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > RecordedCommand.LongestText) break;
            if (!Rune.IsControl(rune)) clean.Append(rune.ToString());
        }
        return clean.ToString();
    }
}
