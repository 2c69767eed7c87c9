using Microsoft.JSInterop;

namespace JitAccess.Web.Components.Shared;

/// <summary>The time zone of the person's browser, for what the server must say or read in it.</summary>
public sealed class PersonZone(IJSRuntime script)
{
    private TimeZoneInfo? _zone;

    /// <summary>The zone; UTC if the browser names one that is not known here. Only once the page stands.</summary>
    public async ValueTask<TimeZoneInfo> FindAsync()
    {
        if (_zone is not null) return _zone;
        await using IJSObjectReference module = await script.InvokeAsync<IJSObjectReference>("import", "./js/zone.js");
        string name = await module.InvokeAsync<string>("zone");
        return _zone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
    }
}
