using System.Globalization;
using System.Text;

namespace JitAccess.Sandbox.Terminal;

/// <summary>The machine's processes. Whoever asks while somebody looks shares the next look: hundreds of terminals may end at once.</summary>
internal static class ProcessTable
{
    /// <summary>The variable in whose value the processes of a terminal carry their mark.</summary>
    public const string MarkVariable = "JITACCESS_TERMINAL";

    private static readonly Lock Gate = new();
    private static readonly byte[] MarkPrefix = Encoding.ASCII.GetBytes($"{MarkVariable}=");
    private static IReadOnlyList<Entry> last = [];
    private static long lookedAt = long.MinValue;

    /// <summary>The processes that have not ended, as they were at some moment after the call.</summary>
    public static IReadOnlyList<Entry> Look()
    {
        long asked = TimeProvider.System.GetTimestamp();
        lock (Gate)
        {
            if (lookedAt > asked)
                return last;
            lookedAt = TimeProvider.System.GetTimestamp();
            return last = [.. Directory.EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int processId) ? Read(processId) : null)
                .OfType<Entry>()];
        }
    }

    private static Entry? Read(int processId)
    {
        try
        {
            // pid (name) state parent group session …; the name may hold spaces and parentheses.
            string text = File.ReadAllText($"/proc/{processId}/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new Entry(processId, int.Parse(fields[3], CultureInfo.InvariantCulture), MarkOf(processId));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile.
            return null;
        }
    }

    private static string? MarkOf(int processId)
    {
        try
        {
            ReadOnlySpan<byte> environment = File.ReadAllBytes($"/proc/{processId}/environ");
            int at = environment.IndexOf(MarkPrefix);
            if (at < 0)
                return null;
            ReadOnlySpan<byte> value = environment[(at + MarkPrefix.Length)..];
            int end = value.IndexOf((byte)0);
            return Encoding.ASCII.GetString(end < 0 ? value : value[..end]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's: not ours.
            return null;
        }
    }

    /// <summary>A process.</summary>
    /// <param name="ProcessId">Its id.</param>
    /// <param name="SessionId">The session that it is in.</param>
    /// <param name="Mark">The mark of its terminal; null if it carries none.</param>
    internal sealed record Entry(int ProcessId, int SessionId, string? Mark);
}
