using System.Text;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>
/// The line of a terminal that the cursor is in, as far as is needed to read what somebody entered: characters, moves within the line,
/// what line editors erase and insert, lines that wrap. Other sequences are passed over (ECMA-48, xterm). Not thread-safe.
/// </summary>
internal sealed class TerminalLine
{
    private const int LongestLine = 8192;
    private const int LongestSequence = 256;
    private const char Filler = '\0';

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly List<char> _cells = [];
    private readonly StringBuilder _sequence = new();
    private State _state = State.Text;
    private int _columns = 80;
    private int _cursor;

    private enum State
    {
        Text,
        Escape,
        Charset,
        Control,
        Words,
        WordsEscape,
    }

    /// <summary>Called with the line's text whenever a line ends.</summary>
    public required Action<string> OnLine { get; init; }

    /// <summary>Whether a full-screen program such as an editor has the screen.</summary>
    public bool IsFullScreen { get; private set; }

    /// <summary>What stands before the cursor.</summary>
    public string BeforeCursor => TextOf(Math.Min(_cursor, _cells.Count));

    public void Resize(int columns) => _columns = Math.Max(1, columns);

    /// <summary>Follows output of the node.</summary>
    public void Write(ReadOnlySpan<byte> output)
    {
        Span<char> characters = stackalloc char[512];
        while (true)
        {
            _decoder.Convert(output, characters, flush: false, out int used, out int made, out bool isDone);
            foreach (char c in characters[..made]) Take(c);
            output = output[used..];
            if (isDone && output.IsEmpty) return;
        }
    }

    private void Take(char c)
    {
        switch (_state)
        {
            case State.Text:
                TakeText(c);
                break;
            case State.Escape:
                _sequence.Clear();
                _state = c switch { '[' => State.Control, ']' or 'P' or '_' or '^' or 'X' => State.Words, '(' or ')' or '#' or '%' => State.Charset, _ => State.Text };
                break;
            case State.Charset:
                _state = State.Text;
                break;
            case State.Control when c is >= '@' and <= '~':
                _state = State.Text;
                Control(c);
                break;
            case State.Control:
                if (c == '\u001b') _state = State.Escape;
                else if (_sequence.Length < LongestSequence) _sequence.Append(c);
                break;
            case State.Words:
                if (c is '\a') _state = State.Text;
                else if (c is '\u001b') _state = State.WordsEscape;
                break;
            case State.WordsEscape:
                _state = c == '\\' ? State.Text : State.Words;
                break;
        }
    }

    private void TakeText(char c)
    {
        switch (c)
        {
            case '\u001b':
                _state = State.Escape;
                break;
            case '\n':
                string line = TextOf(_cells.Count);
                _cells.Clear();
                _cursor = 0;
                if (!IsFullScreen) OnLine(line);
                break;
            case '\r':
                _cursor -= _cursor % _columns;
                break;
            case '\b':
                if (_cursor > 0) _cursor--;
                break;
            case '\t':
                _cursor = Math.Min(LongestLine, _cursor + 8 - (_cursor % 8));
                break;
            case < ' ' or '\u007f':
                break;
            default:
                Put(c);
                if (IsWide(c)) Put(Filler);
                break;
        }
    }

    private void Put(char c)
    {
        if (_cursor >= LongestLine) return;
        while (_cells.Count <= _cursor) _cells.Add(' ');
        _cells[_cursor++] = c;
    }

    private void Control(char final)
    {
        string parameters = _sequence.ToString();
        if (final is 'h' or 'l' && parameters is "?1049" or "?1047" or "?47") IsFullScreen = final == 'h';
        int count = int.TryParse(parameters, out int given) && given > 0 ? Math.Min(given, LongestLine) : 1;
        switch (final)
        {
            case 'C':
                _cursor = Math.Min(LongestLine, _cursor + count);
                break;
            case 'D':
                _cursor = Math.Max(0, _cursor - count);
                break;
            case 'A':
                _cursor = Math.Max(_cursor % _columns, _cursor - (count * _columns));
                break;
            case 'G':
                _cursor = Math.Min(LongestLine, _cursor - (_cursor % _columns) + Math.Min(count, _columns) - 1);
                break;
            case 'K' when parameters is "" or "0":
            case 'J' when parameters is "" or "0":
                if (_cursor < _cells.Count) _cells.RemoveRange(_cursor, _cells.Count - _cursor);
                break;
            case 'K' or 'J' when parameters is "2":
            case 'J' when parameters is "3":
                _cells.Clear();
                break;
            case 'P' when _cursor < _cells.Count:
                _cells.RemoveRange(_cursor, Math.Min(count, _cells.Count - _cursor));
                break;
            case '@' when _cursor < _cells.Count:
                _cells.InsertRange(_cursor, Enumerable.Repeat(' ', Math.Min(count, LongestLine)));
                break;
            case 'H' or 'f':
                // Somewhere else on the screen: another line.
                _cells.Clear();
                _cursor = 0;
                break;
        }
        if (_cells.Count > 2 * LongestLine) _cells.RemoveRange(LongestLine, _cells.Count - LongestLine);
    }

    private string TextOf(int length)
    {
        StringBuilder text = new(length);
        for (int at = 0; at < length; at++)
            if (_cells[at] != Filler) text.Append(_cells[at]);
        return text.ToString();
    }

    // Unicode Standard Annex 11, the ranges that terminals draw two cells wide; a surrogate pair already takes two.
    private static bool IsWide(char c) => c is >= '\u1100' and <= '\u115f' or >= '\u2e80' and <= '\ua4cf' or >= '\uac00' and <= '\ud7a3' or >= '\uf900' and <= '\ufaff' or >= '\ufe30' and <= '\ufe6f' or >= '\uff00' and <= '\uff60' or >= '\uffe0' and <= '\uffe6';
}
