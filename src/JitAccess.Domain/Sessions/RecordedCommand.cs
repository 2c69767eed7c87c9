namespace JitAccess.Domain.Sessions;

/// <summary>A line that somebody seems to have entered at a prompt. Found in the output by its looks, so it can be wrong; the recording is what counts.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Ordinal">Its place among the session's commands, from 0.</param>
/// <param name="At">When it was entered, since the beginning of the recording.</param>
/// <param name="Text">The line, without the prompt: at most <see cref="LongestText"/> characters.</param>
public sealed record RecordedCommand(Guid SessionId, int Ordinal, TimeSpan At, string Text)
{
    /// <summary>Longer lines are cut.</summary>
    public const int LongestText = 1000;
}
