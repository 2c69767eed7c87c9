namespace JitAccess.Web.Sessions.Gateway;

/// <summary>
/// The pages that show one session: those of the person who works in it, of which one writes, and those of whoever watches. Thread-safe.
/// </summary>
internal sealed class PagesOfSession(LiveRules first)
{
    private readonly Lock _gate = new();
    private readonly List<BrowserConnection> _pages = [];
    private readonly HashSet<string> _known = [];
    private LiveRules _rules = first;
    private BrowserConnection? _writer;

    /// <summary>Whether the person who works in the session has a page open.</summary>
    public bool HasWorker
    {
        get
        {
            lock (_gate)
                return _pages.Exists(page => page.Watcher is null);
        }
    }

    private bool IsPaused => _rules.NeedsObserver && !_pages.Exists(page => page.Watcher is not null);

    /// <summary>From now on these rules hold.</summary>
    public void Follow(LiveRules rules)
    {
        lock (_gate)
        {
            _rules = rules;
            TellWhoWatches();
        }
    }

    /// <summary>Whether a page of this name has been here; one without a name never has.</summary>
    public bool Knows(string page)
    {
        lock (_gate)
            return _known.Contains(page);
    }

    public bool IsWriter(BrowserConnection page)
    {
        lock (_gate)
            return page == _writer;
    }

    /// <summary>Whether keystrokes of this page are taken now.</summary>
    public bool MayType(BrowserConnection page)
    {
        lock (_gate)
            return page == _writer && !IsPaused;
    }

    /// <summary>A page comes, perhaps back: its connection of before is let go, and the keyboard stays with it.</summary>
    public void Add(BrowserConnection page)
    {
        lock (_gate)
        {
            BrowserConnection? before = page.Page.Length == 0 ? null : _pages.Find(other => other.Page == page.Page && other.Watcher == page.Watcher);
            if (before is not null) _pages.Remove(before);
            _pages.Add(page);
            if (page.Page.Length > 0) _known.Add(page.Page);
            if (_rules.IsRecorded) page.Tell(ControlMessage.Recorded(_rules.RecordsInput));
            if (page.Watcher is null && (_writer is null || _writer == before)) _writer = page;
            if (page.Watcher is null) page.Tell(ControlMessage.Keyboard(page == _writer));
            TellWhoWatches();
            before?.Abort();
        }
    }

    public void Remove(BrowserConnection page)
    {
        lock (_gate)
        {
            _pages.Remove(page);
            if (_writer == page)
            {
                _writer = _pages.FindLast(other => other.Watcher is null);
                _writer?.Tell(ControlMessage.Keyboard(isMine: true));
            }

            if (page.Watcher is not null) TellWhoWatches();
        }
    }

    /// <summary>From now on this page of the person writes.</summary>
    public void TakeKeyboard(BrowserConnection page)
    {
        lock (_gate)
        {
            if (page == _writer || page.Watcher is not null || !_pages.Contains(page)) return;
            _writer?.Tell(ControlMessage.Keyboard(isMine: false));
            _writer = page;
            page.Tell(ControlMessage.Keyboard(isMine: true));
        }
    }

    public void TellAll(ControlMessage message)
    {
        foreach (BrowserConnection page in All()) page.Tell(message);
    }

    public void WakeAll()
    {
        foreach (BrowserConnection page in All()) page.Wake();
    }

    private BrowserConnection[] All()
    {
        lock (_gate)
            return [.. _pages];
    }

    // Whoever watches sees who else does; the person in the session is told where the policy wants it, and always when they must wait for somebody.
    private void TellWhoWatches()
    {
        string[] watchers = [.. _pages.Select(page => page.Watcher).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.CurrentCulture)];
        foreach (BrowserConnection page in _pages)
            page.Tell(ControlMessage.Watched(page.Watcher is not null || _rules.TellsWhenWatched || _rules.NeedsObserver ? watchers : [], IsPaused));
    }
}
