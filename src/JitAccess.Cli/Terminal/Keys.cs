namespace JitAccess.Cli.Terminal;

/// <summary>Sees the one command that is for this program and not for the node: <c>~.</c> at the beginning of a line, as with ssh.</summary>
internal sealed class Keys
{
    private bool _isLineStart = true;
    private bool _isTilde;

    /// <summary>Takes what was typed.</summary>
    /// <param name="typed">The bytes.</param>
    /// <param name="forNode">Where those go that are for the node.</param>
    /// <returns>False when the person leaves.</returns>
    public bool Take(ReadOnlySpan<byte> typed, List<byte> forNode)
    {
        foreach (byte key in typed)
        {
            if (_isTilde)
            {
                _isTilde = false;
                if (key == '.') return false;
                // Two of them send one; anything else was meant as typed.
                forNode.Add((byte)'~');
                if (key == '~') continue;
            }
            else if (_isLineStart && key == '~')
            {
                _isTilde = true;
                continue;
            }
            _isLineStart = key is (byte)'\r' or (byte)'\n';
            forNode.Add(key);
        }
        return true;
    }
}
