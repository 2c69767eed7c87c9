namespace JitAccess.Cedar.Wasm;

/// <summary>
/// Which content one instance keeps parsed under which name. The engine forgets nothing by itself, so that there is
/// a fixed number of names, and new content takes the name that was unused for the longest time.
/// </summary>
internal sealed class PreparsedSlots(int capacity)
{
    private readonly List<Slot> _slots = [];
    private long _uses;

    /// <summary>The name under which the engine keeps the content; it is parsed now if it is not kept yet.</summary>
    /// <param name="contentHash">What the content is told by.</param>
    /// <param name="parse">Has the engine parse the content under the given name, or throws.</param>
    public string NameOf(string contentHash, Action<string> parse)
    {
        if (_slots.Find(slot => slot.ContentHash == contentHash) is not { } slot)
        {
            if (_slots.Count < capacity)
                _slots.Add(slot = new Slot(_slots.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            else
                slot = _slots.MinBy(candidate => candidate.LastUse)!;

            // Nothing is kept under the name while the engine may fail half-way.
            slot.ContentHash = null;
            parse(slot.Name);
            slot.ContentHash = contentHash;
        }
        slot.LastUse = ++_uses;
        return slot.Name;
    }

    private sealed class Slot(string name)
    {
        public string Name => name;

        public string? ContentHash { get; set; }

        public long LastUse { get; set; }
    }
}
